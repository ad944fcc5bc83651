import Drawing
import Foundation
import VAECore

/// Where an image lies on a plane of the latent space: its posterior's mean and one-sigma ellipse, over decoded
/// pictures or over the codes of other images.
struct PosteriorMap {
    var window: PlaneWindow
    /// Drawn by their classes where there are no pictures.
    var codes: LatentCodes?
    var pictures: PlanePictures
    var shape: ImageShape
    /// Size of a picture in cells.
    var tile: (columns: Int, rows: Int)
    /// The image's posterior; nil for none, no deviation for a deterministic model.
    var mean: [Float]?
    var deviation: [Float] = []

    private static let ground: UInt8 = 234

    func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, with: Cell(" ", Style(on: Self.ground)))
        if pictures.grid != nil {
            LatentMap(plane: pictures, shape: shape, tile: tile).draw(into: &canvas, rect, capabilities)
        } else if let codes, codes.latent == window.center.count {
            CodeScatter(codes: codes, dimensions: (window.across, window.up), ground: Self.ground)
                .draw(into: &canvas, rect, capabilities) { cell(($0, $1), rect) }
        }
        guard let mean, mean.count == window.center.count else { return }
        drawEllipse(around: mean, into: &canvas, rect, capabilities)
        drawMark(mean, into: &canvas, rect, capabilities)
    }

    private func cell(_ z: (Float, Float), _ rect: Rect) -> (x: Int, y: Int)? {
        guard let place = window.fraction(z), (0..<1).contains(place.x), (0..<1).contains(place.y) else { return nil }
        return (rect.x + Int(place.x * Double(rect.width)), rect.y + Int(place.y * Double(rect.height)))
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
                mean[window.across] + deviation[window.across] * cos(angle),
                mean[window.up] + deviation[window.up] * sin(angle)
            )
            guard let place = window.fraction(z), (0..<1).contains(place.x), (0..<1).contains(place.y) else { continue }
            let x = Int(place.x * Double(rect.width * dots.across))
            let y = Int(place.y * Double(rect.height * dots.down))
            masks[y / dots.down * rect.width + x / dots.across, default: 0] |= Braille.bit(x % dots.across, y % dots.down)
        }
        for (place, mask) in masks {
            let (x, y) = (rect.x + place % rect.width, rect.y + place / rect.width)
            let glyph = capabilities.drawsUnicode ? Braille.glyph(mask) : "*"
            // Over a picture, black: the ellipse covers what it crosses.
            let ground = pictures.grid == nil ? Self.ground : Palette.black
            canvas[x, y] = Cell(glyph, Style(Theme.warning, on: ground, .bold))
        }
    }

    private func drawMark(_ mean: [Float], into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard let cell = cell((mean[window.across], mean[window.up]), rect) else { return }
        let style = capabilities.colors == .none
            ? Style(nil, on: nil, [.bold, .reverse]) : Style(Palette.black, on: Theme.warning, .bold)
        canvas[cell.x, cell.y] = Cell("X", style)
    }
}
