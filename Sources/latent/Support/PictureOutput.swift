import ArgumentParser
import Drawing
import Foundation
import PlainText
import TUI
import VAECore

/// Where a picture goes: to a file, in the format of its extension, or in characters to the terminal.
struct PictureOptions: ParsableArguments {
    @Option(
        help: "Write the picture to a file: .png, .txt, or .ans (with colours). By default it goes to the terminal.",
        completion: .file(extensions: ["png", "txt", "ans"]))
    var out: String?
    @OptionGroup var drawing: DrawingOptions

    private enum Format {
        case png, text, ansi, gif
    }

    /// Checks the extension of the file, before any work is done.
    /// - Parameter animates: whether the pictures are an animation's, which a .gif can hold.
    func check(animates: Bool = false) throws(CoreError) { _ = try format(animates) }

    private func format(_ animates: Bool) throws(CoreError) -> Format? {
        guard let out else { return nil }
        switch URL(fileURLWithPath: out).pathExtension.lowercased() {
        case "png": return .png
        case "txt": return .text
        case "ans": return .ansi
        case "gif" where animates: return .gif
        default:
            throw CoreError(
                .configuration, "not a picture format", at: "--out", expected: ".png, .txt\(animates ? ", .gif" : "") or .ans",
                found: "'\(out)'")
        }
    }

    /// Writes or prints pictures in rows.
    /// - Parameters:
    ///   - columns: pictures in a row.
    ///   - gap: pixels between two pictures in a PNG; in characters there is one column between them.
    ///   - animates: whether a .gif may be asked for, in which each picture is a frame.
    func show(
        _ pictures: [Float], of shape: ImageShape, columns: Int, gap: Int = 0, animates: Bool = false
    ) throws(CoreError) {
        let format = try format(animates)
        if format == .gif, let out {
            let frames = stride(from: 0, to: pictures.count, by: shape.count).map {
                PictureSheet(Array(pictures[$0..<$0 + shape.count]), of: shape, columns: 1).bytes
            }
            try GIF.write(frames, shape: shape, centiseconds: 8, to: out)
            Console.note("wrote \(sanitize(out))")
            return
        }
        if format == .png, let out {
            let sheet = PictureSheet(pictures, of: shape, columns: columns, gap: gap)
            try PNG.write(sheet.bytes, shape: sheet.shape, to: out)
            Console.note("wrote \(sanitize(out))")
            return
        }
        var capabilities = drawing.capabilities
        if format == .ansi { capabilities.colors = .palette256 }
        if format == .text { capabilities.colors = .none }
        let text = inCharacters(pictures, of: shape, columns: columns, capabilities)
        guard let out else {
            Console.raw(text)
            return
        }
        try AtomicFile.write([UInt8](text.utf8), to: out)
        Console.note("wrote \(sanitize(out))")
    }

    /// The pictures in characters, as large as the terminal's width allows, in rows of `columns`.
    private func inCharacters(
        _ pictures: [Float], of shape: ImageShape, columns: Int, _ capabilities: Capabilities
    ) -> String {
        let width = max(3, min(shape.width, ((Surroundings.terminalSize?.columns ?? 80) - columns + 1) / columns))
        let rows = max(2, Int((Double(width) * Double(shape.height) / Double(shape.width) / 2).rounded()))
        let mode = width >= shape.width ? capabilities.mode(.half) : capabilities.mode(.quadrant)
        let rasterizer = ImageRasterizer(
            source: (shape.width, shape.height), cells: (width, rows), mode: mode, capabilities)
        let count = pictures.count / shape.count
        let lines = (count + columns - 1) / columns
        var canvas = Canvas(width: columns * (width + 1) - 1, height: lines * rows)
        for n in 0..<count {
            let image = GrayImage(
                width: shape.width, height: shape.height,
                pixels: Array(pictures[n * shape.count..<(n + 1) * shape.count]))
            rasterizer.draw(image, into: &canvas, x: n % columns * (width + 1), y: n / columns * rows)
        }
        return canvas.ansiText(capabilities)
    }
}
