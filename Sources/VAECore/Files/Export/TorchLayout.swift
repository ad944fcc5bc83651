/// The parameters of a network in the layout of PyTorch and ONNX: kernels as (out, in, height, width), or transposed
/// (in, out, height, width); and fully connected layers beside an image arranged for (channel, height, width).
struct TorchLayout {
    /// One tensor.
    struct Entry {
        /// Its name, the same as in our layout.
        var name: String
        /// Its shape in PyTorch.
        var shape: [Int]
        /// Where it is in the network's buffer.
        var range: Range<Int>
        /// For each of its numbers, row-major, the place in our tensor; nil if both are the same.
        var places: [Int]?
    }

    let entries: [Entry]

    init(_ network: Network) {
        var orders: [String: ([Int], [Int])] = [:]
        Self.arrange(network.encoder, first: network.configuration.image, last: nil, &orders)
        Self.arrange(network.decoder, first: nil, last: network.configuration.image, &orders)
        entries = network.layout.views.map { view in
            let order = orders[view.name]
            return Entry(name: view.name, shape: order?.0 ?? view.shape, range: view.range, places: order?.1)
        }
    }

    /// The numbers of an entry in PyTorch's order.
    func values(_ entry: Entry, of parameters: UnsafePointer<Float>) -> [Float] {
        let own = parameters + entry.range.lowerBound
        return entry.places.map { $0.map { own[$0] } } ?? entry.range.indices.map { own[$0 - entry.range.lowerBound] }
    }

    /// Writes numbers in PyTorch's order to their places in the network's buffer.
    func put(_ values: [Float], _ entry: Entry, to parameters: inout [Float]) {
        guard let places = entry.places else {
            parameters.replaceSubrange(entry.range, with: values)
            return
        }
        for (value, place) in zip(values, places) { parameters[entry.range.lowerBound + place] = value }
    }

    // MARK: Orders

    /// - Parameters:
    ///   - first: the image that a fully connected first layer reads as a row, and what the last layer's row is.
    private static func arrange(
        _ layers: [any Layer], first: ImageShape?, last: ImageShape?, _ orders: inout [String: ([Int], [Int])]
    ) {
        let weighted = layers.filter { $0.weightUnits > 0 }
        for (i, layer) in weighted.enumerated() {
            if let kernel = layer as? Conv2D {
                let sides = (kernel.geometry.image.channels, kernel.filters)
                orders["\(layer.name).weight"] = kernelOrder(kernel.geometry.kernel, sides.0, sides.1)
            } else if let kernel = layer as? ConvTranspose2D {
                let sides = (kernel.filters, kernel.inputChannels)
                orders["\(layer.name).weight"] = kernelOrder(kernel.geometry.kernel, sides.0, sides.1)
            } else if let linear = layer as? Linear {
                let input = i > 0 ? output(weighted[i - 1]) : first
                let result = i + 1 < weighted.count ? Self.input(weighted[i + 1]) : last
                for name in layer.name.split(separator: "+") {
                    let outputs = linear.outputCount / layer.name.split(separator: "+").count
                    let rows = order(outputs, result)
                    let columns = order(linear.inputCount, input)
                    guard rows != nil || columns != nil else { continue }
                    let (r, c) = (rows ?? Array(0..<outputs), columns ?? Array(0..<linear.inputCount))
                    orders["\(name).weight"] = (
                        [outputs, linear.inputCount],
                        r.flatMap { row in
                            c.map { row * linear.inputCount + $0 }
                        }
                    )
                    if let rows { orders["\(name).bias"] = ([outputs], rows) }
                }
            }
        }
    }

    /// (kernel, kernel, image channels, columns) as (columns, image channels, kernel, kernel).
    private static func kernelOrder(_ kernel: Int, _ image: Int, _ columns: Int) -> ([Int], [Int]) {
        var places: [Int] = []
        places.reserveCapacity(kernel * kernel * image * columns)
        for column in 0..<columns {
            for channel in 0..<image {
                for tap in 0..<kernel * kernel { places.append((tap * image + channel) * columns + column) }
            }
        }
        return ([columns, image, kernel, kernel], places)
    }

    /// The place in (height, width, channel) of each number of an image in (channel, height, width), and of what stands
    /// after it; nil if both are the same.
    static func order(_ count: Int, _ image: ImageShape?) -> [Int]? {
        guard let image, image.channels > 1, image.count <= count else { return nil }
        let area = image.height * image.width
        guard area > 1 else { return nil }
        return (0..<count).map { $0 < image.count ? $0 % area * image.channels + $0 / area : $0 }
    }

    private static func output(_ layer: any Layer) -> ImageShape? {
        (layer as? Conv2D)?.outputShape ?? (layer as? ConvTranspose2D)?.outputShape
    }

    /// The image that a convolution is given; nil of any other layer.
    static func input(_ layer: any Layer) -> ImageShape? {
        if let layer = layer as? Conv2D { return layer.geometry.image }
        guard let layer = layer as? ConvTranspose2D else { return nil }
        let places = layer.geometry
        return ImageShape(height: places.placesDown, width: places.placesAcross, channels: layer.inputChannels)
    }
}
