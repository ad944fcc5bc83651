import Drawing
import VAECore

/// Pictures side by side, in rows below one another: inputs above outputs, say.
struct PictureRows {
    /// (n, pixels) each.
    var rows: [[Float]]
    /// Pictures in a row.
    var count: Int
    var shape: ImageShape
    /// Size of one picture in cells; a column is left free between two.
    var tile: (columns: Int, rows: Int)

    /// Draws the pictures from (x, y) on; a row of another size stays empty.
    func draw(into canvas: inout Canvas, x: Int, y: Int, _ capabilities: Capabilities) {
        let rasterizer = ImageRasterizer(shape, cells: tile, capabilities)
        for (row, pictures) in rows.enumerated() where pictures.count >= count * shape.count {
            pictures.withUnsafeBufferPointer { pixels in
                for n in 0..<count {
                    rasterizer.draw(
                        UnsafeBufferPointer(rebasing: pixels[n * shape.count..<(n + 1) * shape.count]), into: &canvas,
                        x: x + n * (tile.columns + 1), y: y + row * tile.rows)
                }
            }
        }
    }
}
