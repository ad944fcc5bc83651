import Drawing
import VAECore

// Pictures of a model or a data set, for the rasterisers, which know nothing of either.

extension Bitmap {
    /// One picture (height, width, channel).
    package init(_ shape: ImageShape, _ pixels: [Float]) {
        self.init(width: shape.width, height: shape.height, channels: shape.channels, pixels: pixels)
    }

    /// A black picture.
    static func blank(_ shape: ImageShape) -> Bitmap { Bitmap(shape, [Float](repeating: 0, count: shape.count)) }

    /// One image of a set.
    package init(_ set: ImageSet, _ index: Int) {
        self.init(set.shape, set[index].map { Float($0) / 255 })
    }
}

extension ImageRasterizer {
    /// A rasteriser from pictures of a shape to `cells` (columns, rows). Pictures that are shrunk are drawn in quarters of
    /// cells, unless the person asked for other glyphs.
    package init(
        _ shape: ImageShape, cells: (columns: Int, rows: Int), shrunk: GlyphMode = .quadrant, _ capabilities: Capabilities
    ) {
        self.init(
            source: (shape.width, shape.height), cells: (cells.columns, cells.rows), channels: shape.channels,
            mode: capabilities.mode(cells.columns >= shape.width ? .half : shrunk), capabilities)
    }
}
