/// Area-average resampling with weights computed once, for pictures of one size drawn many times.
///
/// Brightness is averaged in linear light (its square, near enough to the sRGB curve), so that thin
/// bright strokes keep their weight when a picture shrinks. Differences are averaged as they are.
package struct Resampler: Sendable {
    /// What each pixel of the result takes along one axis.
    private struct Axis: Sendable {
        package let first: [Int]
        package let count: [Int]
        package let offset: [Int]
        package let weights: [Float]

        package init(from source: Int, to target: Int) {
            var first: [Int] = []
            var count: [Int] = []
            var offset: [Int] = []
            var weights: [Float] = []
            let scale = Double(source) / Double(target)
            for index in 0..<target {
                let start = Double(index) * scale
                let end = min(Double(source), start + scale)
                let low = min(source - 1, Int(start + 1e-9))
                let high = max(low + 1, min(source, Int((end - 1e-9).rounded(.up))))
                first.append(low)
                count.append(high - low)
                offset.append(weights.count)
                let covered = (low..<high).map { max(0, min(end, Double($0 + 1)) - max(start, Double($0))) }
                let total = covered.reduce(0, +)
                weights += covered.map { Float(total > 0 ? $0 / total : 1) }
            }
            (self.first, self.count, self.offset, self.weights) = (first, count, offset, weights)
        }
    }

    package let sourceWidth, sourceHeight, width, height: Int
    /// Whether values are differences, -1…1, that come out as 0…1.
    package let isSigned: Bool
    private let across: Axis
    private let down: Axis

    /// Weights that bring `source` pixels (columns, rows) to `target` pixels; all must be positive.
    package init(from source: (Int, Int), to target: (Int, Int), isSigned: Bool = false) {
        precondition(source.0 > 0 && source.1 > 0 && target.0 > 0 && target.1 > 0, "sizes must be positive")
        (sourceWidth, sourceHeight) = source
        (width, height) = target
        self.isSigned = isSigned
        across = Axis(from: source.0, to: target.0)
        down = Axis(from: source.1, to: target.1)
    }

    /// The resampled picture, values 0…1.
    package func resample(_ image: Bitmap) -> Bitmap {
        precondition(image.width == sourceWidth && image.height == sourceHeight, "picture of another size")
        var result = [Float](repeating: 0, count: width * height)
        image.pixels.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { resample(source.baseAddress!, into: $0.baseAddress!) }
        }
        return Bitmap(width: width, height: height, pixels: result)
    }

    /// Reads `sourceWidth × sourceHeight` values and writes `width × height`, each brought inside 0…1.
    package func resample(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        if width == sourceWidth && height == sourceHeight {
            for index in 0..<(width * height) { target[index] = isSigned ? unit(source[index]) : inside(source[index]) }
            return
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: (width + sourceWidth) * sourceHeight) { scratch in
            let light = scratch.baseAddress!
            let narrowed = light + sourceWidth * sourceHeight
            for index in 0..<(sourceWidth * sourceHeight) {
                let value = isSigned ? unit(source[index]) : inside(source[index])
                light[index] = isSigned ? value : value * value
            }
            resampleRows(light, into: narrowed)
            resampleColumns(narrowed, into: target)
            if !isSigned {
                for index in 0..<(width * height) { target[index] = target[index].squareRoot() }
            }
        }
    }

    private func resampleRows(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        across.weights.withUnsafeBufferPointer { weights in
            for x in 0..<width {
                let (first, count, offset) = (across.first[x], across.count[x], across.offset[x])
                for y in 0..<sourceHeight {
                    let row = source + y * sourceWidth + first
                    var sum: Float = 0
                    for k in 0..<count { sum += weights[offset + k] * row[k] }
                    target[y * width + x] = sum
                }
            }
        }
    }

    private func resampleColumns(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        down.weights.withUnsafeBufferPointer { weights in
            for y in 0..<height {
                let row = target + y * width
                for x in 0..<width { row[x] = 0 }
                for k in 0..<down.count[y] {
                    let weight = weights[down.offset[y] + k]
                    let from = source + (down.first[y] + k) * width
                    for x in 0..<width { row[x] += weight * from[x] }
                }
            }
        }
    }

    /// A brightness brought inside 0…1; not-a-number counts as 0.
    @inline(__always)
    private func inside(_ value: Float) -> Float { value > 0 ? (value < 1 ? value : 1) : 0 }

    /// A difference -1…1 as 0…1; not-a-number counts as no difference.
    @inline(__always)
    private func unit(_ value: Float) -> Float { value.isNaN ? 0.5 : inside(value * 0.5 + 0.5) }
}
