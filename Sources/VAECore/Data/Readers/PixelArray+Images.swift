// An array as images, or as labels.

extension PixelArray {
    /// The range of the numbers as they are taken for pixels.
    private enum Range {
        case bytes, unit, signedUnit

        /// What is said about it; nil for bytes.
        var note: String? {
            switch self {
            case .bytes: nil
            case .unit: "values from 0 to 1 are taken times 255"
            case .signedUnit: "values from -1 to 1 are taken as black to white"
            }
        }

        func pixel(_ value: Double) -> UInt8 {
            switch self {
            case .bytes: UInt8(value.rounded())
            case .unit: UInt8((value * 255).rounded())
            case .signedUnit: UInt8(((value + 1) * 127.5).rounded())
            }
        }
    }

    /// How the dimensions are taken: (images, height, width, channels), or channels before height.
    struct Arrangement: Equatable {
        var count: Int
        var image: ImageShape
        var channelsFirst = false
        var note: String?
    }

    /// The dimensions as images: (n, h, w), (n, h, w, c), (n, c, h, w), or (n, pixels) if they are square or `size` says
    /// how wide they are; nil if they can be none.
    func arrangement(size: PictureSize? = nil) -> Arrangement? {
        let sides = 1...IDX.largestSide
        switch shape.count {
        case 2:
            guard shape[1] >= 4 else { return nil }
            if let size, size.height * size.width == shape[1] {
                return Arrangement(count: shape[0], image: ImageShape(height: size.height, width: size.width))
            }
            let side = Int(Double(shape[1]).squareRoot().rounded())
            guard side * side == shape[1], sides.contains(side) else { return nil }
            return Arrangement(
                count: shape[0], image: ImageShape(height: side, width: side),
                note: "rows of \(shape[1]) numbers are taken as \(side)×\(side) pixels")
        case 3:
            guard sides.contains(shape[1]), sides.contains(shape[2]) else { return nil }
            return Arrangement(count: shape[0], image: ImageShape(height: shape[1], width: shape[2]))
        case 4:
            if (1...4).contains(shape[3]), sides.contains(shape[1]), sides.contains(shape[2]) {
                return Arrangement(
                    count: shape[0], image: ImageShape(height: shape[1], width: shape[2], channels: shape[3]))
            }
            guard (1...4).contains(shape[1]), sides.contains(shape[2]), sides.contains(shape[3]) else { return nil }
            return Arrangement(
                count: shape[0], image: ImageShape(height: shape[2], width: shape[3], channels: shape[1]),
                channelsFirst: true, note: "\(shape[1]) channels stand before height and width")
        default: return nil
        }
    }

    /// The images, a byte a pixel.
    /// - Throws: `CoreError(.data)` when a number is none of 0…255, 0…1 and -1…1 as the others are.
    func images(_ arrangement: Arrangement, notes: inout [String]) throws(CoreError) -> ImageSet {
        guard count <= IDX.largestPayload else {
            throw CoreError(
                .data, "the array is too large", at: place, expected: "at most \(IDX.largestPayload) numbers",
                found: "\(count)")
        }
        let range = try range()
        if let note = range.note { notes.append("\(place): \(note)") }
        if let note = arrangement.note { notes.append("\(place): \(note)") }
        var pixels: [UInt8]
        if case .bytes = range, type == Element(kind: .unsigned, width: 1) {
            pixels = Array(try read())
        } else {
            pixels = []
            pixels.reserveCapacity(count)
            try each { _, value in
                pixels.append(range.pixel(value))
                return true
            }
        }
        if arrangement.channelsFirst, arrangement.image.channels > 1 { Self.interleave(&pixels, arrangement.image) }
        return ImageSet(shape: arrangement.image, pixels: pixels, labels: nil)
    }

    /// The range that all numbers are in.
    private func range() throws(CoreError) -> Range {
        var (least, most) = (Double.infinity, -Double.infinity)
        var (odd, isWhole): (Int?, Bool) = (nil, true)
        try each { index, value in
            guard value >= -1, value <= 255 else {
                odd = index
                return false
            }
            least = min(least, value)
            most = max(most, value)
            if isWhole, value != value.rounded() { isWhole = false }
            return true
        }
        if let odd { throw outOfRange(odd) }
        // Whole numbers from 0 to 1 are black and white, unless the whole set is black.
        if most <= 1, least >= 0 { return most > 0 ? .unit : .bytes }
        if most <= 1 { return .signedUnit }
        guard least >= 0 else {
            throw CoreError(
                .data, "numbers of no known range", at: place, expected: "0 to 255, 0 to 1 or -1 to 1",
                found: "\(least) to \(most)", remedy: "scale them to 0 to 1 and save them again")
        }
        return .bytes
    }

    private func outOfRange(_ index: Int) -> CoreError {
        var (rest, place) = (index, [Int]())
        for length in shape.reversed() {
            place.insert(rest % length, at: 0)
            rest /= length
        }
        return CoreError(
            .data, "a number that is no pixel", at: "\(self.place)\(place)", expected: "0 to 255, 0 to 1 or -1 to 1",
            remedy: "scale them to 0 to 1 and save them again")
    }

    /// From (channel, height, width) to (height, width, channel), image by image.
    private static func interleave(_ pixels: inout [UInt8], _ shape: ImageShape) {
        let area = shape.height * shape.width
        var image = [UInt8](repeating: 0, count: shape.count)
        for start in stride(from: 0, to: pixels.count, by: shape.count) {
            for channel in 0..<shape.channels {
                for place in 0..<area {
                    image[place * shape.channels + channel] = pixels[start + channel * area + place]
                }
            }
            pixels.replaceSubrange(start..<start + shape.count, with: image)
        }
    }

    /// Labels for `images` images: a number each, or a row with a single 1.
    /// - Throws: `CoreError(.data)` when there are fewer or more, or one is not a whole number from 0 to 255.
    func labels(_ images: Int) throws(CoreError) -> [UInt8] {
        let columns = shape.dropFirst().reduce(1, *)
        guard shape[0] == images, shape.count <= 2, (1...256).contains(columns) else {
            throw CoreError(
                .data, "not a label for each image", at: place, expected: "\(images)",
                found: shape.map(String.init).joined(separator: "×"))
        }
        var labels = [UInt8](repeating: 0, count: images)
        var (odd, marks): (Int?, Int) = (nil, 0)
        try each { index, value in
            let row = index / columns
            guard columns > 1 else {
                guard let label = UInt8(exactly: value) else {
                    odd = row
                    return false
                }
                labels[row] = label
                return true
            }
            if value == 1 {
                labels[row] = UInt8(index % columns)
                marks += 1
            } else if value != 0 {
                odd = row
            }
            return odd == nil
        }
        guard odd == nil, columns == 1 || marks == images else {
            throw CoreError(
                .data, "a label that is no class", at: "\(place): row \((odd ?? 0) + 1)",
                expected: columns == 1 ? "a whole number from 0 to 255" : "a single 1, and zeros")
        }
        return labels
    }
}
