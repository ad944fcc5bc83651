/// Pictures of one size, side by side in rows, as one grey picture.
package struct PictureSheet: Sendable, Equatable {
    /// The size of the whole sheet.
    package let shape: ImageShape
    /// The sheet (height, width), each pixel in [0, 1].
    package let pixels: [Float]

    /// - Parameters:
    ///   - pictures: (n, height, width), row by row. Unused places stay black.
    ///   - shape: the size of one picture.
    ///   - columns: pictures in a row.
    ///   - gap: black pixels between two pictures.
    package init(_ pictures: [Float], of shape: ImageShape, columns: Int, gap: Int = 0) {
        precondition(columns > 0 && shape.channels == 1 && pictures.count % shape.count == 0)
        let count = pictures.count / shape.count
        let rows = max(1, (count + columns - 1) / columns)
        let width = columns * (shape.width + gap) - gap
        let height = rows * (shape.height + gap) - gap
        var sheet = [Float](repeating: 0, count: width * height)
        for n in 0..<count {
            let x = n % columns * (shape.width + gap)
            let y = n / columns * (shape.height + gap)
            for row in 0..<shape.height {
                let from = n * shape.count + row * shape.width
                let to = (y + row) * width + x
                sheet.replaceSubrange(to..<to + shape.width, with: pictures[from..<from + shape.width])
            }
        }
        self.shape = ImageShape(height: height, width: width)
        pixels = sheet
    }

    /// The same sheet with every pixel enlarged to `factor` × `factor`.
    package func enlarged(_ factor: Int) -> PictureSheet {
        precondition(factor > 0)
        let width = shape.width * factor
        var large = [Float](repeating: 0, count: pixels.count * factor * factor)
        for y in 0..<shape.height * factor {
            for x in 0..<width { large[y * width + x] = pixels[y / factor * shape.width + x / factor] }
        }
        return PictureSheet(large, of: ImageShape(height: shape.height * factor, width: width), columns: 1)
    }

    /// The sheet at a size for a slide: every pixel enlarged alike, until the longer side has 1,280 pixels or more.
    package var forSlide: PictureSheet {
        let side = max(shape.width, shape.height)
        return enlarged(max(1, (1280 + side - 1) / side))
    }

    /// Grey levels 0…255.
    package var bytes: [UInt8] {
        pixels.map { UInt8(max(0, min(255, ($0.isFinite ? $0 : 0) * 255 + 0.5))) }
    }
}
