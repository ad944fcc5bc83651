/// What was done to an input so far, in a network that another program made: the layers in order, and where the numbers
/// of the last one's output stand.
///
/// Such networks keep images as (channel, height, width); here they are (height, width, channel). A trace therefore
/// knows each number twice: by its place in the other program's tensor (`shape`), and by its place in our output
/// (`index`). So reshaping, transposing and splitting cost nothing: they change `shape` and `index` alone, and the next
/// layer's weights are arranged for what it finds. A trace is a value: two branches that begin alike have the same
/// steps at their start.
struct Trace {
    /// What the first layer is given.
    enum Root: Equatable { case image, latent, classes, noise }

    /// One layer, or something that becomes one.
    enum Step: Equatable {
        case linear(LinearWeights)
        case convolution(ConvolutionWeights)
        /// A row of numbers becomes an image.
        case image(ImageShape)
        case activation(Activation)
        /// Each channel times its own factor, plus its own number.
        case affine(scale: [Float], shift: [Float])
        /// A function that is no activation here, only a part of one; or the exponential of a log variance.
        case function(Function)
    }

    /// Functions that stand by themselves in the graphs of other programs.
    enum Function: String, Equatable {
        case exp, erf
        case squareRoot = "square root"
        case softplus
    }

    /// The largest output of one layer that is followed.
    static let largest = Network.outputLimit

    private(set) var root: Root
    /// The size of the image that is the root; what it stands in is (height, width, channel).
    private(set) var rootImage: ImageShape?
    /// Classes that are joined after the root's own numbers.
    private(set) var classes = 0
    /// Numbers of the root, without the classes.
    private(set) var rootCount: Int
    private(set) var steps: [Step] = []
    /// The length of each dimension of one row in the other program's order, without the batch.
    private(set) var shape: [Int]
    /// For each of those numbers, row-major, its place in our output.
    private(set) var index: [Int32]
    /// The number of our outputs, and the image that they form, if they do.
    private(set) var count: Int
    private(set) var image: ImageShape?

    /// An input of this shape: (channel, height, width) for an image, or a row.
    init(_ root: Root, shape: [Int]) {
        self.root = root
        self.shape = shape
        count = shape.reduce(1, *)
        rootCount = count
        index = (0..<Int32(count)).map { $0 }
        if root == .image, shape.count == 3 { _ = becomeImage(channels: shape[0], height: shape[1], width: shape[2]) }
    }

    /// Whether nothing was done to the root but to move its numbers.
    var isRoot: Bool { steps.isEmpty }

    /// Whether every number of our output is there once and in our order.
    private var isInOrder: Bool { index.count == count && index.indices.allSatisfy { index[$0] == Int32($0) } }

    // MARK: Moving numbers

    /// The same numbers in another shape; false if they do not fit.
    mutating func reshape(to shape: [Int]) -> Bool {
        guard shape.allSatisfy({ $0 > 0 }), Self.product(shape) == index.count else { return false }
        self.shape = shape
        return true
    }

    /// The dimensions in another order; false if `order` is none.
    mutating func transpose(_ order: [Int]) -> Bool {
        guard order.sorted() == Array(shape.indices) else { return false }
        let strides = Self.strides(shape)
        self = picked(order.map { shape[$0] }, strides: order.map { strides[$0] }, from: 0)
        return true
    }

    /// A part of one dimension; nil if it is not there.
    func slice(axis: Int, _ range: Range<Int>) -> Trace? {
        guard shape.indices.contains(axis), range.lowerBound >= 0, range.upperBound <= shape[axis], !range.isEmpty
        else {
            return nil
        }
        let strides = Self.strides(shape)
        var lengths = shape
        lengths[axis] = range.count
        return picked(lengths, strides: strides, from: range.lowerBound * strides[axis])
    }

    private func picked(_ lengths: [Int], strides: [Int], from start: Int) -> Trace {
        var result = self
        result.shape = lengths
        result.index = []
        result.index.reserveCapacity(Self.product(lengths) ?? 0)
        var position = [Int](repeating: 0, count: lengths.count)
        var at = start
        for _ in 0..<(Self.product(lengths) ?? 0) {
            result.index.append(index[at])
            for axis in lengths.indices.reversed() {
                position[axis] += 1
                at += strides[axis]
                if position[axis] < lengths[axis] { break }
                at -= position[axis] * strides[axis]
                position[axis] = 0
            }
        }
        return result
    }

    static func strides(_ shape: [Int]) -> [Int] {
        var result = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { result[axis] = result[axis + 1] * shape[axis + 1] }
        return result
    }

    /// The product; nil if it is larger than any output that is followed.
    static func product(_ shape: [Int]) -> Int? {
        var product = 1
        for length in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow, next <= largest else { return nil }
            product = next
        }
        return product
    }

    /// The root with `classes` numbers of the class after it, or before it; nil if this is not a root, or not all of
    /// it.
    func joined(classes: Int, first: Bool) -> Trace? {
        guard isRoot, self.classes == 0, root != .classes, shape.count == 1, index.count == count else { return nil }
        var result = self
        result.classes = classes
        let own = (0..<Int32(classes)).map { Int32(count) + $0 }
        result.index = first ? own + index : index + own
        result.count += classes
        result.shape = [result.count]
        result.image = nil
        return result
    }

    /// Whether the numbers are those of an image in our order, so that a convolution can follow.
    private func isImage(_ wanted: ImageShape) -> Bool {
        guard image == wanted || image == nil, count == wanted.count, index.count == count else { return false }
        let (area, width) = (wanted.height * wanted.width, wanted.channels)
        return index.indices.allSatisfy { Int(index[$0]) == $0 % area * width + $0 / area }
    }

    /// Makes the numbers an image in our order. Where a row of numbers becomes one, the layer that gave them is
    /// arranged to give them in our order.
    /// - Returns: false if they are in an order that no layer gives.
    mutating func becomeImage(channels: Int, height: Int, width: Int) -> Bool {
        let wanted = ImageShape(height: height, width: width, channels: channels)
        guard index.count == wanted.count else { return false }
        if !isImage(wanted) {
            let area = height * width
            // Our place of each number: (height, width, channel).
            guard rearrange({ ($0 % area) * channels + $0 / area }) else { return false }
        }
        image = wanted
        shape = [channels, height, width]
        if isRoot, root == .image { rootImage = wanted }
        return true
    }

    /// Makes the numbers stand in the other program's order, row by row; false if no layer gives them so.
    mutating func becomeRow() -> Bool {
        let isDone = isInOrder || rearrange { $0 }
        if isDone { image = nil }
        return isDone
    }

    /// Puts number i at place `place(i)` of our output.
    private mutating func rearrange(_ place: (Int) -> Int) -> Bool {
        guard index.count == count, Set(index).count == count else { return false }
        var target = [Int](repeating: 0, count: count)
        for i in index.indices { target[Int(index[i])] = place(i) }
        var at = steps.count - 1
        while at >= 0 {
            switch steps[at] {
            case .activation, .function: at -= 1
            case .affine(var scale, var shift):
                for (i, place) in target.enumerated() where scale.count == count {
                    if case .affine(let a, let b) = steps[at] { (scale[place], shift[place]) = (a[i], b[i]) }
                }
                steps[at] = .affine(scale: scale, shift: shift)
                at -= 1
            case .linear(let weights):
                steps[at] = .linear(weights.movingOutputs(to: target))
                at = -2
            default: return false
            }
        }
        // A row that nothing was done to yet says in which order it stands.
        guard at == -2 || steps.isEmpty && root == .image && classes == 0 && rootImage == nil else { return false }
        index = index.indices.map { Int32(place($0)) }
        return true
    }

    // MARK: Adding layers

    /// Adds a step whose output is a row of `count` numbers.
    mutating func append(row step: Step, count: Int) {
        steps.append(step)
        self.count = count
        image = nil
        shape = [count]
        index = (0..<Int32(count)).map { $0 }
    }

    /// Adds a step whose output is an image.
    mutating func append(image step: Step, _ image: ImageShape) {
        steps.append(step)
        count = image.count
        self.image = image
        shape = [image.channels, image.height, image.width]
        let area = image.height * image.width
        index = (0..<count).map { Int32($0 % area * image.channels + $0 / area) }
    }

    /// Adds a step that changes each number by itself.
    mutating func append(pointwise step: Step) { steps.append(step) }

    /// The same with every scale and shift taken into the layer before it, if there is one without an activation
    /// between.
    func folded() -> Trace {
        var result = self
        result.steps = []
        for step in steps {
            guard case .affine(let scale, let shift) = step else {
                result.steps.append(step)
                continue
            }
            switch result.steps.last {
            case .linear(let weights):
                result.replaceLast(1, with: [.linear(weights.followed(scale: scale, shift: shift))])
            case .convolution(let weights):
                result.replaceLast(1, with: [.convolution(weights.followed(scale: scale, shift: shift))])
            case .affine(let before, let term):
                let merged = Step.affine(
                    scale: zip(before, scale).map { $0 * $1 },
                    shift: zip(zip(term, scale), shift).map { $0.0 * $0.1 + $1 })
                result.replaceLast(1, with: [merged])
            default: result.steps.append(step)
            }
        }
        return result
    }

    /// Puts steps before all others.
    mutating func prepend(_ step: Step) { steps.insert(step, at: 0) }

    /// Replaces the last `count` steps.
    mutating func replaceLast(_ count: Int, with new: [Step]) {
        steps.replaceSubrange((steps.count - count)..., with: new)
    }
}
