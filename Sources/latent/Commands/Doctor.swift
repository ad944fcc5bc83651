import ArgumentParser
import VAECore

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what the program finds of machine, terminal and folders: a page for bug reports.",
        discussion: """
            It tells no variables but those listed, and writes the home folder as ~.

            Examples:
              latent doctor
              latent doctor --json > doctor.json
            """)

    @Flag(help: "One JSON object on stdout.") var json = false
    @OptionGroup var drawing: DrawingOptions

    mutating func run() throws {
        let findings = Examination(drawing).findings
        if json { return Console.json(findings) }
        for line in findings.lines { Console.print(line) }
    }
}
