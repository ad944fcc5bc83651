import Foundation
import TUI

/// The program's manual page, made from the commands, the tables of keys and what else the program knows of itself.
struct ManualPage {
    private var page = ManualWriter()

    /// - Parameter date: what the page is dated.
    static func text(_ tree: CommandTree, date: Date) -> String {
        var manual = ManualPage()
        manual.head(tree.command, date)
        manual.commands(tree.command)
        manual.keys()
        manual.surroundings()
        return manual.page.text
    }

    private mutating func head(_ root: CommandTree.Command, _ date: Date) {
        page.macro("Dd \(Self.day(date))")
        page.macro("Dt LATENT 1")
        page.macro("Os")
        page.section("Name")
        page.macro("Nm latent")
        page.macro("Nd \(ManualWriter.escaped(Self.withoutStop(root.abstract ?? "")))")
        page.section("Synopsis")
        page.macro("Nm")
        page.macro("Op Ar command")
        page.macro("Op Ar argument ...")
        page.section("Description")
        page.prose(root.discussion ?? "")
        page.list([
            (Self.flag("--help"), "Print what a command does and what it takes."),
            (Self.flag("--version"), "Print the version, the commit and the kind of build."),
            (
                Self.flag("--generate-completion-script") + " Ar shell",
                "Print the script that completes commands, options and values in bash, zsh or fish."
            ),
        ])
    }

    private mutating func commands(_ root: CommandTree.Command) {
        page.section("Commands")
        for (name, command) in root.leaves() {
            page.subsection(([name] + command.ownArguments.filter(\.isPositional).map(Self.synopsis)).joined(separator: " "))
            page.prose([command.abstract, command.discussion].compactMap { $0 }.joined(separator: "\n\n"))
            page.list(command.ownArguments.map { (Self.term($0), Self.about($0)) })
        }
    }

    private mutating func keys() {
        page.section("Keys")
        page.prose("The keys of each screen, then those of every screen. The key ? lists them in the program.")
        for screen in Screen.allCases {
            page.subsection(screen.title)
            page.list(KeyBindings.own(of: screen).map(Self.key))
        }
        page.subsection("Everywhere")
        page.list(KeyBindings.ofEveryScreen.map(Self.key))
    }

    private mutating func surroundings() {
        page.section("Environment")
        page.list(Surroundings.variables.map { ("Ev \($0.name)", $0.text) })
        page.section("Files")
        page.list([
            ("Pa runs/", "The runs of this folder; a run is a folder with its record, its model and its checkpoints."),
            ("Pa share/latent/models/", "The models that come with the program, by name."),
            ("Pa share/latent/data/", "The data that comes with the program: 5,000 digits of MNIST."),
            ("Pa \(ManualWriter.quoted("~/.local/share/latent/"))", "Data sets of your own, each in a folder of its name."),
            ("Pa \(ManualWriter.quoted("~/.local/state/latent/"))", "What is remembered from one start to the next: the place in the tour."),
        ])
        page.section("Exit status")
        page.list([
            ("0", "All went well."), ("1", "Something could not be done; the message says what, where and what to do."),
            ("64", "The command line was wrong."),
            ("130", "Ended by Ctrl\u{2010}C. Any other signal gives 128 and its number."),
        ])
    }

    // MARK: Terms

    private static func flag(_ typed: String) -> String {
        // Fl writes one hyphen itself.
        "Fl \(ManualWriter.escaped(String(typed.dropFirst())))"
    }

    private static func key(_ row: (key: String, text: String)) -> (String, String) { ("Sy \(ManualWriter.quoted(row.key))", row.text) }

    private static func synopsis(_ argument: CommandTree.Argument) -> String {
        let name = (argument.valueName ?? "value").uppercased() + (argument.isRepeating ? "..." : "")
        return argument.isOptional ? "[\(name)]" : name
    }

    private static func term(_ argument: CommandTree.Argument) -> String {
        let value = argument.valueName ?? "value"
        if argument.isPositional { return "Ar \(ManualWriter.escaped(value))" }
        let names = (argument.names ?? []).map { flag($0.typed) }.joined(separator: " , ")
        return argument.kind == "flag" ? names : "\(names) Ar \(ManualWriter.escaped(value))"
    }

    private static func about(_ argument: CommandTree.Argument) -> String {
        var text = argument.abstract ?? ""
        if let values = argument.allValues, !values.isEmpty { text += " One of: \(values.joined(separator: ", "))." }
        if let value = argument.defaultValue, argument.kind != "flag" { text += " Default: \(value)." }
        return text
    }

    private static func withoutStop(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    private static func day(_ date: Date) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December",
        ]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return "\(months[(parts.month ?? 1) - 1]) \(parts.day ?? 1), \(parts.year ?? 1970)"
    }
}
