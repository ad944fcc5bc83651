/// Pictures of one size, side by side in rows, as one picture of as many channels.
package struct PictureSheet: Sendable, Equatable {
    /// The size of the whole sheet.
    package let shape: ImageShape
    /// The sheet (height, width, channel), each value in [0, 1].
    package let pixels: [Float]

    /// - Parameters:
    ///   - pictures: (n, height, width, channel), row by row. Unused places stay black.
    ///   - shape: the size of one picture.
    ///   - columns: pictures in a row.
    ///   - gap: black pixels between two pictures.
    package init(_ pictures: [Float], of shape: ImageShape, columns: Int, gap: Int = 0) {
        precondition(columns > 0 && pictures.count % shape.count == 0)
        let count = pictures.count / shape.count
        let rows = max(1, (count + columns - 1) / columns)
        let width = columns * (shape.width + gap) - gap
        let height = rows * (shape.height + gap) - gap
        var sheet = [Float](repeating: 0, count: width * height * shape.channels)
        let line = shape.width * shape.channels
        for n in 0..<count {
            let x = n % columns * (shape.width + gap)
            let y = n / columns * (shape.height + gap)
            for row in 0..<shape.height {
                let from = n * shape.count + row * line
                let to = ((y + row) * width + x) * shape.channels
                sheet.replaceSubrange(to..<to + line, with: pictures[from..<from + line])
            }
        }
        self.shape = ImageShape(height: height, width: width, channels: shape.channels)
        pixels = sheet
    }

    /// The same sheet with every pixel enlarged to `factor` × `factor`.
    package func enlarged(_ factor: Int) -> PictureSheet {
        precondition(factor > 0)
        let channels = shape.channels
        let size = ImageShape(height: shape.height * factor, width: shape.width * factor, channels: channels)
        var large = [Float](repeating: 0, count: size.count)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let (from, to) = ((y / factor * shape.width + x / factor) * channels, (y * size.width + x) * channels)
                for channel in 0..<channels { large[to + channel] = pixels[from + channel] }
            }
        }
        return PictureSheet(large, of: size, columns: 1)
    }

    /// The sheet at a size for a slide: every pixel enlarged alike, until the longer side has 1,280 pixels or more.
    package var forSlide: PictureSheet {
        let side = max(shape.width, shape.height)
        return enlarged(max(1, (1280 + side - 1) / side))
    }

    /// The values as 0…255.
    package var bytes: [UInt8] {
        pixels.map { UInt8(max(0, min(255, ($0.isFinite ? $0 : 0) * 255 + 0.5))) }
    }
}
