import ArgumentParser
import Drawing
import Foundation
import PlainText
import TUI
import VAECore

/// Options that say where a picture goes.
struct PictureOptions: ParsableArguments {
    @Option(
        help: "Write the picture to a file: .png, .txt, or .ans (with colours). By default it goes to the terminal.",
        completion: .file(extensions: ["png", "txt", "ans", "gif"]))
    var out: String?
    @OptionGroup var drawing: DrawingOptions

    var output: PictureOutput { PictureOutput(path: out, drawing: drawing) }
}

/// Pictures to a file, in the format of its extension, or in characters to the terminal.
struct PictureOutput {
    /// The file; nil for the terminal.
    var path: String?
    let drawing: DrawingOptions
    /// Whether the pictures are an animation's frames, which a .gif can hold.
    var animates = false

    private enum Format: String, CaseIterable {
        case png, txt, ans, gif
    }

    /// The same for the frames of an animation.
    var animated: PictureOutput {
        var output = self
        output.animates = true
        return output
    }

    /// Checks the extension of the file, before any work is done.
    /// - Throws: `CoreError(.configuration)` naming those that can be written.
    func check() throws(CoreError) { _ = try format() }

    private func format() throws(CoreError) -> Format? {
        guard let path else { return nil }
        let formats = Format.allCases.filter { $0 != .gif || animates }
        if let format = formats.first(where: { $0.rawValue == URL(fileURLWithPath: path).pathExtension.lowercased() }) {
            return format
        }
        throw CoreError(
            .configuration, "not a picture format", at: "--out",
            expected: formats.map { "." + $0.rawValue }.joined(separator: ", "), found: "'\(path)'")
    }

    /// Writes or prints pictures (n, height, width, channel) in rows.
    /// - Parameters:
    ///   - columns: pictures in a row.
    ///   - gap: pixels between two pictures in a PNG; in characters there is one column between them.
    func show(_ pictures: [Float], of shape: ImageShape, columns: Int, gap: Int = 0) throws(CoreError) {
        guard let format = try format(), let path else {
            return Console.raw(inCharacters(pictures, of: shape, columns: columns, drawing.capabilities))
        }
        var capabilities = drawing.capabilities
        switch format {
        case .png:
            let sheet = PictureSheet(pictures, of: shape, columns: columns, gap: gap)
            try PNG.write(sheet.bytes, shape: sheet.shape, to: path)
        case .gif:
            let frames = stride(from: 0, to: pictures.count, by: shape.count).map {
                PictureSheet(Array(pictures[$0..<$0 + shape.count]), of: shape, columns: 1).enlarged(4)
            }
            guard let size = frames.first?.shape else { return }
            try GIF.write(frames.map(\.bytes), shape: size, centiseconds: 8, to: path)
        case .txt, .ans:
            capabilities.colors = format == .txt ? .none : max(.palette256, capabilities.colors)
            try AtomicFile.write([UInt8](inCharacters(pictures, of: shape, columns: columns, capabilities).utf8), to: path)
        }
        Console.note("wrote \(sanitize(path))")
    }

    /// The pictures in characters, as large as the terminal's width allows, in rows of `columns`.
    private func inCharacters(
        _ pictures: [Float], of shape: ImageShape, columns: Int, _ capabilities: Capabilities
    ) -> String {
        let width = max(3, min(shape.width, ((Surroundings.terminalSize?.columns ?? 80) - columns + 1) / columns))
        let rows = max(2, Int((Double(width) * Double(shape.height) / Double(shape.width) / 2).rounded()))
        let rasterizer = ImageRasterizer(shape, cells: (width, rows), capabilities)
        let count = pictures.count / shape.count
        let lines = (count + columns - 1) / columns
        var canvas = Canvas(width: columns * (width + 1) - 1, height: lines * rows)
        for n in 0..<count {
            let image = Bitmap(shape, Array(pictures[n * shape.count..<(n + 1) * shape.count]))
            rasterizer.draw(image, into: &canvas, x: n % columns * (width + 1), y: n / columns * rows)
        }
        return canvas.ansiText(capabilities)
    }
}
