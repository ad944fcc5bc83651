/// Writes a page in mdoc(7), the language of manual pages.
struct ManualWriter {
    private(set) var text = ""
    /// Whether the next text begins a paragraph. mdoc wants none directly after a heading or around a list.
    private var wantsParagraph = false

    /// A line that is a macro: its name and its words, which must be escaped already.
    mutating func macro(_ line: String) {
        text += "." + line + "\n"
        wantsParagraph = false
    }

    mutating func section(_ title: String) { macro("Sh \(Self.escaped(title.uppercased()))") }
    mutating func subsection(_ title: String) { macro("Ss \(Self.quoted(title))") }

    /// Paragraphs, set off by empty lines. Indented lines keep their form, as examples do.
    mutating func prose(_ source: String) {
        var words: [String] = []
        var lines = source.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst() {
            guard line.hasPrefix("  ") else {
                if line.isEmpty { finish(&words) } else { words += line.split(separator: " ").map(String.init) }
                continue
            }
            finish(&words)
            var examples = [line.dropFirst(2)]
            while let next = lines.first, next.hasPrefix("  ") {
                examples.append(next.dropFirst(2))
                lines.removeFirst()
            }
            literal(examples.map(String.init))
        }
        finish(&words)
    }

    private mutating func finish(_ words: inout [String]) {
        guard !words.isEmpty else { return }
        if wantsParagraph { text += ".Pp\n" }
        text += Self.wrapped(words)
        wantsParagraph = true
        words = []
    }

    private mutating func literal(_ lines: [String]) {
        text += ".Bd -literal -offset indent\n" + lines.map { Self.guarded(Self.escaped($0)) + "\n" }.joined() + ".Ed\n"
        wantsParagraph = true
    }

    /// A list of terms and what is said of each. The terms are macros and words of them, escaped already.
    mutating func list(_ entries: [(term: String, text: String)]) {
        guard !entries.isEmpty else { return }
        text += ".Bl -tag -width Ds\n"
        for (term, about) in entries {
            text += ".It \(term)\n"
            wantsParagraph = false
            prose(about)
        }
        text += ".El\n"
        wantsParagraph = true
    }

    /// Lines of at most 78 bytes; a sentence begins a line, for the formatter puts the space after it.
    private static func wrapped(_ words: [String]) -> String {
        var lines = [""]
        for word in words.map(escaped) {
            let last = lines[lines.count - 1]
            // A mark that stands alone is a key.
            let endsSentence = ".?!".contains(where: { last.hasSuffix(String($0)) && !last.hasSuffix(" \($0)") })
            if last.isEmpty {
                lines[lines.count - 1] = word
            } else if endsSentence || last.utf8.count + 1 + word.utf8.count > 76 {
                lines.append(word)
            } else {
                lines[lines.count - 1] += " " + word
            }
        }
        return lines.map { guarded($0) + "\n" }.joined()
    }

    /// A line that would be taken for a macro gets a mark of no width before it.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") || line.hasPrefix("\\(aq") ? "\\&" + line : line
    }

    /// One word of a macro, whatever is in it: the marks of no width keep it from being a macro or the end of a sentence.
    static func quoted(_ text: String) -> String { "\"\\&\(escaped(text))\\&\"" }

    /// Text in which nothing is a command of the formatter, and every character is shown as itself.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            case "\"": "\\(dq"
            case "'": "\\(aq"
            case "`": "\\(ga"
            case "^": "\\(ha"
            case "~": "\\(ti"
            default: scalar.isASCII ? String(scalar) : "\\[u" + hex(scalar.value) + "]"
            }
        }.joined()
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
