extension TourLanguage {
    /// The whole tour as a page (Markdown), to be read without the program. Where the program tells a number of the
    /// reader's own, the page has three dots.
    package var page: String {
        var lines = ["# latent: \(text("panel.title"))", ""]
        for (number, chapter) in TourChapter.all.enumerated() {
            lines += ["## \(number + 1). \(text(chapter.name))", ""]
            for step in chapter.steps {
                lines += ["- " + Self.dotted(text(chapter.key(step, "do")))]
                if step.until != nil { lines += ["", "  > " + Self.dotted(text(chapter.key(step, "said")))] }
                lines.append("")
            }
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }

    private static func dotted(_ text: String) -> String { text.replacing(/\{[a-z0-9]+\}/, with: "…") }
}
