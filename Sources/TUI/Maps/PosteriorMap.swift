import Drawing
import Foundation
import VAECore

/// Where an image lies on a plane of the latent space: its posterior's mean and one-sigma ellipse, over decoded
/// pictures or over the codes of other images.
struct PosteriorMap {
    var plane: Plane
    /// Drawn by their classes where there are no pictures.
    var codes: LatentCodes?
    var pictures: PlanePictures
    var shape: ImageShape
    /// Size of a picture in cells.
    var tile: (columns: Int, rows: Int)
    /// The image's posterior; nil for none, no deviation for a deterministic model.
    var mean: [Float]?
    var deviation: [Float] = []

    private static let ground: Color = 234

    func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, with: Cell(" ", Style(on: Self.ground)))
        if pictures.plane != nil {
            LatentMap(pictures: pictures, shape: shape, tile: tile).draw(into: &canvas, rect, capabilities)
        } else if let codes, codes.latent == plane.center.count {
            CodeScatter(codes: codes, dimensions: (plane.across, plane.up), ground: Self.ground)
                .draw(into: &canvas, rect, capabilities) { cell(($0, $1), rect) }
        }
        guard let mean, mean.count == plane.center.count else { return }
        drawEllipse(around: mean, into: &canvas, rect, capabilities)
        drawMark(mean, into: &canvas, rect, capabilities)
    }

    private func cell(_ z: (Float, Float), _ rect: Rect) -> (x: Int, y: Int)? {
        place(z).map { (rect.x + Int($0.x * Double(rect.width)), rect.y + Int($0.y * Double(rect.height))) }
    }

    /// Shares of the map's width and height, from the top left; nil outside.
    private func place(_ z: (Float, Float)) -> (x: Double, y: Double)? {
        let shares = plane.shares(across: z.0, up: z.1)
        let (x, y) = (shares.across, 1 - shares.up)
        return (0..<1).contains(x) && (0..<1).contains(y) ? (x, y) : nil
    }

    // MARK: The posterior

    /// The one-sigma ellipse; its axes are those of the plane, for the posterior's dimensions are independent.
    private func drawEllipse(
        around mean: [Float], into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities
    ) {
        guard deviation.count == mean.count else { return }
        let dots = capabilities.drawsUnicode ? (across: 2, down: 4) : (across: 1, down: 1)
        var masks: [Int: Int] = [:]
        // As many points as no edge of a screen has dots.
        for step in 0..<1440 {
            let angle = Float(step) * (2 * .pi / 1440)
            let z = (
                mean[plane.across] + deviation[plane.across] * cos(angle),
                mean[plane.up] + deviation[plane.up] * sin(angle)
            )
            guard let place = place(z) else { continue }
            let x = Int(place.x * Double(rect.width * dots.across))
            let y = Int(place.y * Double(rect.height * dots.down))
            masks[y / dots.down * rect.width + x / dots.across, default: 0] |= Braille.bit(x % dots.across, y % dots.down)
        }
        for (place, mask) in masks {
            let (x, y) = (rect.x + place % rect.width, rect.y + place / rect.width)
            let glyph = capabilities.drawsUnicode ? Braille.glyph(mask) : "*"
            canvas.mark(glyph, Theme.warning, x: x, y: y)
        }
    }

    private func drawMark(_ mean: [Float], into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard let cell = cell((mean[plane.across], mean[plane.up]), rect) else { return }
        let style = capabilities.colors == .none
            ? Style(nil, on: nil, [.bold, .reverse]) : Style(Palette.black, on: Theme.warning, .bold)
        canvas[cell.x, cell.y] = Cell("X", style)
    }
}
