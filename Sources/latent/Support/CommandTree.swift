import Foundation

/// The program's commands and options as the parser tells them, which is all that its help is made of.
struct CommandTree: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String

        /// As it is typed.
        var typed: String { (kind == "long" ? "--" : "-") + name }
    }

    struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?

        var isPositional: Bool { kind == "positional" }
    }

    struct Command: Decodable {
        var commandName: String
        var shouldDisplay: Bool
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?
    }

    var command: Command

    /// That of this program; nil if the parser's description is not understood.
    static let own = try? JSONDecoder().decode(CommandTree.self, from: Data(Latent._dumpHelp().utf8))
}

extension CommandTree.Command {
    /// Commands that are no groups, each with its whole name ("latent data list"), in the order of the help.
    func leaves(below prefix: String = "") -> [(name: String, command: Self)] {
        let name = prefix.isEmpty ? commandName : prefix + " " + commandName
        let inner = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        return inner.isEmpty ? [(name, self)] : inner.flatMap { $0.leaves(below: name) }
    }

    /// What it takes, without `--help` and `--version`, which every command has.
    var ownArguments: [CommandTree.Argument] {
        (arguments ?? []).filter { argument in
            argument.shouldDisplay && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
        }
    }
}
