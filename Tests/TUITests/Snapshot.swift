import Drawing
import Foundation
import Testing

/// A canvas as a text that a person can read: its characters, then what is coloured how.
///
///     80x24, 256 colours
///     |1 Train  2 Explore …
///
///     foreground: a 117, b 231
///     |aaaa    bb
enum Snapshot {
    /// The kinds of terminals screens are recorded for.
    static let terminals: [(name: String, capabilities: Capabilities)] = [
        ("true colour", Capabilities(colors: .truecolor)), ("256 colours", Capabilities()),
        ("256 colours, light", Capabilities(background: .light)),
        ("16 colours", Capabilities(colors: .sixteen)),
        ("8 colours", Capabilities(colors: .eight)),
        ("no colours", Capabilities(colors: .none)),
        ("ASCII", Capabilities(unicode: false, colors: .none)),
    ]

    static func text(_ drawn: Canvas, _ capabilities: Capabilities) -> String {
        let canvas = drawn.readable(capabilities)
        var lines = canvas.ansiText(Capabilities(unicode: capabilities.unicode, colors: .none))
            .split(separator: "\n", omittingEmptySubsequences: false).prefix(canvas.height).map { "|\($0)" }
        let grounds: [(String, Ground, (Cell) -> Color?)] = [
            ("foreground", .foreground, \.foreground), ("background", .background, \.background),
        ]
        if capabilities.colors != .none {
            for (name, ground, color) in grounds {
                lines += layer(name, canvas) { cell in
                    color(cell).map { color in
                        if !color.isIndexed { return 1 << 24 | color.rgb.red << 16 | color.rgb.green << 8 | color.rgb.blue }
                        let index = color.index
                        return capabilities.colors >= .palette256
                            ? Int(index) : Palette.reduced(index, to: capabilities.colors, ground)
                    }
                }
            }
        }
        lines += layer("attributes", canvas) { $0.attributes.isEmpty ? nil : Int($0.attributes.rawValue) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One property of the cells, each of its values under a letter of its own.
    private static func layer(_ name: String, _ canvas: Canvas, _ value: (Cell) -> Int?) -> [String] {
        let cells = (0..<canvas.height).map { y in (0..<canvas.width).map { x in value(canvas[x, y]) } }
        let values = Set(cells.flatMap { $0.compactMap { $0 } }).sorted()
        guard !values.isEmpty else { return [] }
        let letters = Dictionary(uniqueKeysWithValues: zip(values, alphabet))
        let legend = values.map { "\(letters[$0] ?? "?") \(label($0, name))" }.joined(separator: ", ")
        return ["", "\(name): \(legend)"] + cells.map { row in
            var line = "|" + String(row.map { $0.flatMap { letters[$0] } ?? " " })
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        + (0x3B1...0x3C9).compactMap { Unicode.Scalar($0).map(Character.init) }
        + (0x410...0x44F).compactMap { Unicode.Scalar($0).map(Character.init) }

    private static func label(_ value: Int, _ name: String) -> String {
        guard name == "attributes" else {
            return value < 1 << 24 ? "\(value)" : "#" + String(value, radix: 16).dropFirst()
        }
        let attributes = Attributes(rawValue: UInt8(value))
        let names: [(Attributes, String)] = [(.bold, "bold"), (.dim, "dim"), (.underline, "underlined"), (.reverse, "reversed")]
        return names.filter { attributes.contains($0.0) }.map(\.1).joined(separator: " ")
    }

    // MARK: Files

    /// Compares with what was recorded. `LATENT_RECORD=1 ./test --filter Snapshot` records anew, and fails: what has been
    /// recorded must be looked at first.
    static func check(_ text: String, _ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Snapshots")
        let file = folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["LATENT_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name): look at it, then run the tests again")
            return
        }
        let recorded = try String(contentsOf: file, encoding: .utf8)
        guard text != recorded else { return }
        let (now, then) = (text.split(separator: "\n", omittingEmptySubsequences: false), recorded.split(separator: "\n", omittingEmptySubsequences: false))
        let line = zip(now, then).enumerated().first { $0.element.0 != $0.element.1 }
        let place = line.map { "line \($0.offset + 1):\n recorded \($0.element.1)\n now      \($0.element.0)" } ?? "its length"
        Issue.record("\(name) differs from what was recorded, from \(place)")
    }
}
