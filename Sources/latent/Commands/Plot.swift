import ArgumentParser
import Drawing
import Foundation
import PlainText
import TUI
import VAECore

struct Plot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the losses of runs: to the terminal, or as PNG or SVG.",
        discussion: """
            Examples:
              latent plot                                the newest run
              latent plot runs/a runs/b --out loss.svg   their losses on held-out images
              latent plot manifold --by epoch --out loss.png
            """)

    @Argument(
        help: "Run folders, or names in runs/ or models/; up to \(RunOverlay.most). By default the newest run.",
        completion: .models)
    var runs: [String] = []
    @Option(help: "What the curves run over: step, epoch or second (of training).") var by = RunOverlay.Axis.step
    @Option(
        help: "Write the figure to a file: .png or .svg; .txt or .ans for characters.",
        completion: .file(extensions: Format.allCases.map(\.rawValue)))
    var out: String?
    @Option(help: "Width and height of a .png or .svg, 480x320 to 8000x8000 pixels.") var size = FigureSize(width: 1600, height: 900)
    @OptionGroup var drawing: DrawingOptions

    private enum Format: String, CaseIterable {
        case png, svg, txt, ans
    }

    mutating func run() throws {
        let format = try chosenFormat()
        guard runs.count <= RunOverlay.most else {
            throw CoreError(
                .configuration, "too many runs to tell apart", at: "RUN", expected: "up to \(RunOverlay.most)", found: "\(runs.count)")
        }
        let read = try (runs.isEmpty ? ["latest"] : runs).map(marked)
        switch format {
        case .png, .svg:
            let plot = RunPlot(read, by: by) { (Figure.colors[$0 % Figure.colors.count], RunOverlay.look($0).marker) }
            let figure = Figure(panels: plot.panels, legend: plot.legend, width: size.width, height: size.height)
            let shape = ImageShape(height: size.height, width: size.width, channels: 3)
            try write(format == .svg ? Array(figure.svg.utf8) : PNG.encode(figure.pixels, shape: shape))
        case .txt, .ans, nil:
            var capabilities = drawing.capabilities
            if let format { capabilities.colors = format == .txt ? .none : max(.palette256, capabilities.colors) }
            let text = inCharacters(RunPlot(read, by: by, look: RunOverlay.look), capabilities)
            if format == nil { Console.raw(text) } else { try write(Array(text.utf8)) }
        }
    }

    private func chosenFormat() throws(CoreError) -> Format? {
        guard let out else { return nil }
        if let format = Format(rawValue: URL(fileURLWithPath: out).pathExtension.lowercased()) { return format }
        throw CoreError(
            .configuration, "not a format of figures", at: "--out",
            expected: Format.allCases.map { "." + $0.rawValue }.joined(separator: ", "), found: "'\(out)'")
    }

    /// The run given by a folder or a name.
    private func marked(_ name: String) throws(CoreError) -> MarkedRun {
        let own = Runs.path(name)
        let shipped = Surroundings.modelsFolder.map { $0 + "/" + name }
        let folder = [own, shipped ?? own].first { RunFolder.isRun($0) } ?? own
        guard FileManager.default.fileExists(atPath: folder) else {
            throw runs.isEmpty
                ? CoreError(.file, "no run here yet", at: Runs.folder, remedy: "'latent train' makes one, or name a run or a shipped model")
                : CoreError(.file, "no such run", at: name, remedy: "'latent runs' lists those in runs/")
        }
        guard let run = MarkedRun(ModelShelf.run(in: folder)) else {
            throw CoreError(
                .file, "nothing is recorded of its training", at: folder, expected: "a folder with config.json and metrics.jsonl")
        }
        return run
    }

    private func write(_ bytes: [UInt8]) throws(CoreError) {
        guard let out else { return }
        try AtomicFile.write(bytes, to: out)
        Console.note("wrote \(sanitize(out))")
    }

    /// The charts side by side where there is room, else below one another, and what the colours and marks stand for.
    private func inCharacters(_ plot: RunPlot, _ capabilities: Capabilities) -> String {
        let width = max(40, Surroundings.terminalSize?.columns ?? 80)
        let across = width >= 72 ? plot.panels.count : 1
        let rows = (plot.panels.count + across - 1) / across
        let height = 16
        var canvas = Canvas(width: width, height: rows * height + plot.legend.count)
        for (place, panel) in plot.panels.enumerated() {
            let rect = Rect(
                x: place % across * (width / across), y: place / across * height, width: width / across - 1, height: height)
            canvas.text(panel.title, x: rect.x, y: rect.y, .bold, clip: rect)
            var chart = panel.chart
            chart.hasLegend = false
            chart.draw(into: &canvas, rect.split(rows: 1).bottom, capabilities)
        }
        for (row, entry) in plot.legend.enumerated() {
            let mark = capabilities.colors == .none ? String(RunOverlay.look(row).marker) : capabilities.drawsUnicode ? "━" : "-"
            canvas.text("\(mark) \(entry.text)", x: 0, y: rows * height + row, Style(entry.color))
        }
        return canvas.ansiText(capabilities)
    }
}

/// Width and height, as in "1600x900".
struct FigureSize: ExpressibleByArgument {
    let width, height: Int

    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (480...8000).contains(width), (320...8000).contains(height)
        else { return nil }
        self.init(width: width, height: height)
    }

    var defaultValueDescription: String { "\(width)x\(height)" }
}

extension RunOverlay.Axis: ExpressibleByArgument {}
