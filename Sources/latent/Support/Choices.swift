import ArgumentParser
import TUI
import VAECore

// Options that take one of a few names. The parser lists the names in help, in errors and for completion.

extension Activation: ExpressibleByArgument {}
extension Binarization: ExpressibleByArgument {}
extension GridSpacing: ExpressibleByArgument {}
extension Initialization: ExpressibleByArgument {}
extension Likelihood: ExpressibleByArgument {}
extension Objective.Reduction: ExpressibleByArgument {}
extension Schedule: ExpressibleByArgument {}
extension TerminalOptions.Color: ExpressibleByArgument {}

/// A table whose rows are chosen by name.
protocol ChoiceTable {
    associatedtype Row
    static var rows: [(name: String, row: Row)] { get }
}

/// The row of a table that an option names.
struct Choice<Table: ChoiceTable>: ExpressibleByArgument {
    let name: String
    let row: Table.Row

    init?(argument: String) {
        guard let found = Table.rows.first(where: { $0.name == argument }) else { return nil }
        (name, row) = found
    }

    /// The default of an option: `name` must be in the table.
    init(default name: String) {
        guard let choice = Self(argument: name) else { preconditionFailure("'\(name)' is not in \(Table.self)") }
        self = choice
    }

    static var allValueStrings: [String] { Table.rows.map(\.name) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    var defaultValueDescription: String { name }
}

enum Presets: ChoiceTable {
    static var rows: [(name: String, row: Preset)] { Preset.all.map { ($0.name, $0) } }
}

enum Optimizers: ChoiceTable {
    static var rows: [(name: String, row: OptimizerConfiguration)] {
        OptimizerConfiguration.names.compactMap { name in OptimizerConfiguration(named: name).map { (name, $0) } }
    }
}

/// Bounds on log p(x), and nil for the plain autoencoder: an objective on the command line, a kind of network in VAECore.
enum Objectives: ChoiceTable {
    static var rows: [(name: String, row: Objective.Bound?)] {
        Objective.Bound.allCases.map { ($0.rawValue, $0) } + [("autoencoder", nil)]
    }
}

enum Screens: ChoiceTable {
    static var rows: [(name: String, row: Screen)] { Screen.allCases.map { ($0.title.lowercased(), $0) } }
}

/// Each published figure, and all of them.
enum Figures: ChoiceTable {
    static var rows: [(name: String, row: [PublishedFigure])] {
        PublishedFigure.all.map { ($0.id, [$0]) } + [("all", PublishedFigure.all)]
    }
}
