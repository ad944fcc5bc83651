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
        switch format {
        case .png:
            let sheet = PictureSheet(pictures, of: shape, columns: columns, gap: gap)
            try PNG.write(sheet.bytes, shape: sheet.shape, to: path)
        case .gif:
            let frames = stride(from: 0, to: pictures.count, by: shape.count).map { Array(pictures[$0..<$0 + shape.count]) }
            return try play(frames, of: shape, columns: 1, framesPerSecond: 12)
        case .txt, .ans:
            let text = inCharacters(pictures, of: shape, columns: columns, capabilities(format))
            try AtomicFile.write([UInt8](text.utf8), to: path)
        }
        Console.note("wrote \(sanitize(path))")
    }

    /// Writes frames as an animation; without a file, plays them once on a terminal, and elsewhere prints them below one
    /// another.
    /// - Parameters:
    ///   - frames: pictures (n, height, width, channel) each, in rows of `columns`.
    func play(_ frames: [[Float]], of shape: ImageShape, columns: Int, framesPerSecond: Int) throws(CoreError) {
        let format = try format()
        if format == .png {
            throw CoreError(
                .configuration, "a .png does not move", at: "--out", expected: ".gif, .txt or .ans", found: path)
        }
        guard format == .gif, let path else {
            let texts = frames.map { inCharacters($0, of: shape, columns: columns, capabilities(format)) }
            return try show(texts, framesPerSecond: framesPerSecond)
        }
        func sheet(_ n: Int) -> PictureSheet {
            let sheet = PictureSheet(frames[n], of: shape, columns: columns)
            // Small pictures are hard to see.
            return sheet.enlarged(max(1, 480 / max(sheet.shape.width, sheet.shape.height)))
        }
        guard !frames.isEmpty else { return }
        let size = sheet(0).shape
        try GIF.write(count: frames.count, shape: size, centiseconds: 100 / framesPerSecond, to: path) { sheet($0).bytes }
        Console.note("wrote \(sanitize(path)): \(frames.count) frames")
    }

    private func show(_ frames: [String], framesPerSecond: Int) throws(CoreError) {
        if let path {
            try AtomicFile.write([UInt8](frames.joined(separator: "\n").utf8), to: path)
            return Console.note("wrote \(sanitize(path)): \(frames.count) frames")
        }
        guard Surroundings.stdoutIsTerminal else { return Console.raw(frames.joined(separator: "\n")) }
        for (n, frame) in frames.enumerated() {
            let rows = frame.count { $0 == "\n" }
            // Each over the one before.
            Console.raw((n > 0 ? "\u{1B}[\(rows)A\r" : "") + frame)
            Thread.sleep(forTimeInterval: 1 / Double(framesPerSecond))
        }
    }

    private func capabilities(_ format: Format?) -> Capabilities {
        var capabilities = drawing.capabilities
        if format == .ans { capabilities.colors = max(.palette256, capabilities.colors) }
        if format == .txt { capabilities.colors = .none }
        return capabilities
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
