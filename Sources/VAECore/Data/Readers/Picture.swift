/// A picture from a file of its own, on its way into a set.
struct Picture {
    var shape: ImageShape
    var pixels: [UInt8]

    /// The most values of a picture: that of 24 million pixels in colour.
    static let mostValues = 72_000_000

    /// Reads a PNG or JPEG file; what it is called does not matter.
    /// - Throws: `CoreError(.data)` when it is neither, damaged or too large.
    init(path: String) throws(CoreError) {
        let bytes = try FileSystem.read(path, kind: .data, limit: Self.mostValues)
        do throws(CoreError) {
            (shape, pixels) =
                JPEG.recognises(bytes)
                ? try JPEG.decode(bytes, name: path, limit: Self.mostValues)
                : try PNG.decode(bytes, name: path, limit: Self.mostValues)
        } catch {
            var error = error
            error.kind = .data
            error.remedy = error.remedy ?? "replace the file, or remove it"
            throw error
        }
        if shape.channels == 3, isGrey { reduceToGrey() }
    }

    /// Whether a colour picture has grey pixels only.
    private var isGrey: Bool {
        for place in stride(from: 0, to: pixels.count, by: 3) {
            let red = pixels[place]
            guard pixels[place + 1] == red, pixels[place + 2] == red else { return false }
        }
        return true
    }

    /// Turns a colour picture to grey: the luma of ITU-R BT.601.
    mutating func reduceToGrey() {
        guard shape.channels == 3 else { return }
        var luma = [UInt8](repeating: 0, count: pixels.count / 3)
        for index in luma.indices {
            let (red, green, blue) = (Int(pixels[3 * index]), Int(pixels[3 * index + 1]), Int(pixels[3 * index + 2]))
            let sum = 299 * red + 587 * green + 114 * blue
            luma[index] = UInt8((sum + 500) / 1000)
        }
        pixels = luma
        shape.channels = 1
    }

    /// Gives a grey picture three channels.
    mutating func expandToColour() {
        guard shape.channels == 1 else { return }
        pixels = Self.expanded(pixels)
        shape.channels = 3
    }

    /// Each value three times.
    static func expanded(_ grey: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 3 * grey.count) { buffer, count in
            for (index, value) in grey.enumerated() {
                for channel in 0..<3 { buffer[3 * index + channel] = value }
            }
            count = 3 * grey.count
        }
    }

    /// Brings it to another size. Each pixel is the mean of what it covers of the picture.
    mutating func resize(height: Int, width: Int) {
        guard height != shape.height || width != shape.width else { return }
        let rows = Self.spans(from: shape.height, to: height)
        let columns = Self.spans(from: shape.width, to: width)
        let (channels, stride) = (shape.channels, shape.width * shape.channels)
        var resized = [UInt8](repeating: 0, count: height * width * channels)
        var line = [Float](repeating: 0, count: stride)
        for (y, row) in rows.enumerated() {
            for at in 0..<stride { line[at] = 0 }
            for (source, weight) in row {
                for at in 0..<stride { line[at] += weight * Float(pixels[source * stride + at]) }
            }
            for (x, column) in columns.enumerated() {
                for channel in 0..<channels {
                    let sum = column.reduce(Float(0)) { $0 + $1.weight * line[$1.source * channels + channel] }
                    resized[(y * width + x) * channels + channel] = UInt8(max(0, min(255, sum.rounded())))
                }
            }
        }
        pixels = resized
        (shape.height, shape.width) = (height, width)
    }

    /// For each of `target` pixels, the pixels of `source` that it covers, and the part of it that each fills.
    private static func spans(from source: Int, to target: Int) -> [[(source: Int, weight: Float)]] {
        let scale = Double(source) / Double(target)
        return (0..<target).map { place in
            let (start, end) = (Double(place) * scale, Double(place + 1) * scale)
            let last = min(source - 1, Int(end.rounded(.up)) - 1)
            return (min(Int(start), last)...last).map { at in
                (at, Float((min(end, Double(at + 1)) - max(start, Double(at))) / scale))
            }
        }
    }
}
