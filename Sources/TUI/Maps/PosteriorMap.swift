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
            CodeScatter(codes: codes, plane: plane, ground: Self.ground)
                .draw(into: &canvas, rect, capabilities) { cell((across: $0, up: $1), rect) }
        }
        guard let mean, mean.count == plane.center.count else { return }
        drawEllipse(around: mean, into: &canvas, rect, capabilities)
        drawMark(mean, into: &canvas, rect, capabilities)
    }

    private func cell(_ z: (across: Float, up: Float), _ rect: Rect) -> (x: Int, y: Int)? {
        place(z).map { (rect.x + Int($0.x * Double(rect.width)), rect.y + Int($0.y * Double(rect.height))) }
    }

    /// Shares of the map's width and height, from the top left; nil outside.
    private func place(_ z: (across: Float, up: Float)) -> (x: Double, y: Double)? {
        let shares = plane.shares(across: z.across, up: z.up)
        let (x, y) = (shares.across, 1 - shares.up)
        return (0..<1).contains(x) && (0..<1).contains(y) ? (x, y) : nil
    }

    // MARK: The posterior

    /// The one-sigma ellipse. Its axes are those of the plane where that shows two dimensions, for the posterior's are
    /// independent; on another plane it may be tilted.
    private func drawEllipse(
        around mean: [Float], into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities
    ) {
        guard deviation.count == mean.count else { return }
        let dots = capabilities.drawsUnicode ? (across: 2, down: 4) : (across: 1, down: 1)
        var masks: [Int: Int] = [:]
        let middle = plane.coordinates(of: mean)
        let wide = plane.across.deviation(deviation)
        // The Cholesky factor of the ellipse's covariance.
        let tilt = plane.isLine || wide <= 0 ? 0 : plane.across.covariance(plane.up, deviation) / wide
        let high = max(0, plane.up.covariance(plane.up, deviation) - tilt * tilt).squareRoot()
        // As many points as no edge of a screen has dots.
        for step in 0..<1440 {
            let angle = Float(step) * (2 * .pi / 1440)
            let z = (across: middle.across + wide * cos(angle), up: middle.up + tilt * cos(angle) + high * sin(angle))
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
        guard let cell = cell(plane.coordinates(of: mean), rect) else { return }
        let style = capabilities.colors == .none
            ? Style(nil, on: nil, [.bold, .reverse]) : Style(Palette.black, on: Theme.warning, .bold)
        canvas[cell.x, cell.y] = Cell("X", style)
    }
}
