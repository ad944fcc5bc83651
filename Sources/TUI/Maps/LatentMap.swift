import Drawing
import VAECore

/// A plane of decoded pictures, each in a tile of cells.
struct LatentMap {
    var pictures: PlanePictures
    var shape: ImageShape
    /// Size of one picture in cells.
    var tile: (columns: Int, rows: Int)

    /// Draws the pictures from the top left of `rect`; what has not been decoded yet stays empty.
    func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard let plane = pictures.plane else { return }
        let count = plane.columns * plane.rows
        guard pictures.pictures.count == count * shape.count else { return }
        let rasterizer = ImageRasterizer(shape, cells: tile, capabilities)
        pictures.pictures.withUnsafeBufferPointer { pixels in
            for n in 0..<count {
                let x = rect.x + n % plane.columns * tile.columns
                let y = rect.y + n / plane.columns * tile.rows
                guard x + tile.columns <= rect.maxX, y + tile.rows <= rect.maxY else { continue }
                rasterizer.draw(
                    UnsafeBufferPointer(rebasing: pixels[n * shape.count..<(n + 1) * shape.count]), into: &canvas,
                    x: x, y: y)
            }
        }
    }
}
