/// What the columns of a table of pictures are.
struct CSVLayout: Equatable {
    let columns: Int
    /// The column of the label.
    let label: Int?
    /// Columns that are neither label nor pixels, such as numbers of the pictures.
    let ignored: Set<Int>
    let shape: ImageShape

    /// From the names in the header, or else from the number of columns.
    /// - Returns: nil when no picture has this many pixels.
    init?(_ fields: [String], hasHeader: Bool, size: PictureSize?) {
        columns = fields.count
        if hasHeader {
            let names = fields.map { $0.lowercased() }
            label = names.firstIndex { ["label", "labels", "class", "target", "y", "digit"].contains($0) }
            ignored = Set(names.indices.filter { ["id", "imageid", "image_id", "index", ""].contains(names[$0]) })
            guard let shape = Self.shape(columns - ignored.count - (label == nil ? 0 : 1), size) else { return nil }
            self.shape = shape
            return
        }
        ignored = []
        // A square with a label before it is never a square.
        if let shape = Self.shape(columns, size, channels: [1]) {
            (label, self.shape) = (nil, shape)
        } else if let shape = Self.shape(columns - 1, size) {
            (label, self.shape) = (0, shape)
        } else if let shape = Self.shape(columns, size) {
            (label, self.shape) = (nil, shape)
        } else {
            return nil
        }
    }

    /// The shape of a picture of `count` numbers: of the size given, or square; grey, or else in three channels.
    private static func shape(
        _ count: Int, _ size: PictureSize?, channels: [Int] = [1, 3]
    ) -> ImageShape? {
        for channels in channels where count >= 4 * channels && count % channels == 0 {
            let pixels = count / channels
            if let size {
                guard size.height * size.width == pixels else { continue }
                return ImageShape(height: size.height, width: size.width, channels: channels)
            }
            let side = Int(Double(pixels).squareRoot().rounded())
            if side * side == pixels { return ImageShape(height: side, width: side, channels: channels) }
        }
        return nil
    }
}
