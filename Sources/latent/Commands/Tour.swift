import ArgumentParser
import TUI
import VAECore

struct TourCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tour",
        abstract: "Learn what a VAE is, step by step, by driving one.",
        discussion: """
            A panel under the screens says what to look at and what to press, waits until it is done, and says what was \
            seen. Without a chapter it goes on where it was left.

            Examples:
              latent tour                   begin, or go on
              latent tour 5                 the fifth chapter
              latent tour --language ko     in Korean
              latent tour --text            its text, to read
            """)

    @Argument(
        help: """
            The chapter: a number from 1 to \(TourChapter.all.count), or a name: \
            \(TourChapter.all.map(\.name).joined(separator: ", ")).
            """,
        completion: .chapters)
    var chapter: String?
    @Option(
        help: "The language of the tour: en, English, or ko, Korean; by default that of the locale.", completion: .languages)
    var language: String?
    @Flag(help: "Print the text of the whole tour (Markdown) and exit.") var text = false
    @OptionGroup var data: DataOptions
    @OptionGroup var drawing: DrawingOptions
    @OptionGroup var frames: FrameOptions

    mutating func run() throws {
        let chapter = try chosenChapter()
        let language = try chosenLanguage()
        if text { return Console.raw(language.page) }
        guard Surroundings.stdoutIsTerminal, Surroundings.stdinIsTerminal else {
            throw TerminalError("the tour needs a terminal on standard input and output; latent tour --text prints its text")
        }
        try LiveProgram.tour(chapter: chapter, language: language, data: data.choice, drawing: drawing, frames: frames)
    }

    private func chosenChapter() throws(CoreError) -> Int? {
        guard let chapter else { return nil }
        if let number = Int(chapter), (1...TourChapter.all.count).contains(number) { return number - 1 }
        if let index = TourChapter.all.firstIndex(where: { $0.name == chapter }) { return index }
        throw CoreError(
            .configuration, "no such chapter", at: "tour",
            expected: "1 to \(TourChapter.all.count), or one of \(TourChapter.all.map(\.name).joined(separator: ", "))",
            found: "'\(chapter)'")
    }

    private func chosenLanguage() throws(CoreError) -> TourLanguage {
        guard let language else { return Surroundings.language }
        guard let known = TourLanguage.all.first(where: { $0.code == language.lowercased() }) else {
            throw CoreError(
                .configuration, "no such language", at: "--language",
                expected: TourLanguage.all.map(\.code).joined(separator: " or "), found: "'\(language)'")
        }
        guard known.isASCII || Surroundings.isUTF8 else {
            throw CoreError(
                .configuration, "this terminal cannot show \(known.code)", at: "--language", expected: "a UTF-8 locale",
                found: "another encoding", remedy: "set LANG=C.UTF-8, or take --language en")
        }
        return known
    }
}
