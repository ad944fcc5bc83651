import ArgumentParser
import Foundation
import PlainText
import VAECore

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the runs there are: state, epochs, best test loss, time.",
        discussion: """
            Examples:
              latent runs                           the runs in runs/, the one written last first
              latent runs --sort loss               the lowest test loss first
              latent runs --filter stopped --json   those that can be continued, one JSON object per line
            """)

    @Argument(help: "The folder that holds the runs.", completion: .directory) var folder = Runs.folder
    @Option(help: "What to sort by.") var sort = Order.time
    @Option(help: "Only runs whose name, state, preset or data set contains this text; may be given again.")
    var filter: [String] = []
    @Flag(help: "Print one JSON object per line.") var json = false

    /// What the list can be sorted by.
    enum Order: String, CaseIterable, ExpressibleByArgument {
        case time, name, state, epochs, loss, seconds

        func precedes(_ a: RunListing, _ b: RunListing) -> Bool {
            func loss(_ run: RunListing) -> Double { run.best?.test.negativeELBO ?? .infinity }
            switch self {
            case .time: return a.modified > b.modified
            case .name: return a.name < b.name
            case .state: return a.state.name < b.state.name
            case .epochs: return a.epoch > b.epoch
            case .loss: return loss(a) < loss(b)
            case .seconds: return a.seconds ?? 0 > b.seconds ?? 0
            }
        }
    }

    mutating func run() throws {
        var isFolder: ObjCBool = false
        if folder != Runs.folder || FileManager.default.fileExists(atPath: folder) {
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw CoreError(.file, "no such folder", at: folder, expected: "a folder that holds runs")
            }
        }
        // By name where the order leaves a choice.
        let runs = RunListing.all(in: folder).filter(isWanted)
            .sorted { sort.precedes($0, $1) || !sort.precedes($1, $0) && $0.name < $1.name }
        if json {
            for run in runs { Console.json(Line(run)) }
            return
        }
        guard !runs.isEmpty else {
            Console.note("no runs in \(folder)" + (filter.isEmpty ? ": 'latent train' makes one" : " that match"))
            return
        }
        printTable(runs)
    }

    private func isWanted(_ run: RunListing) -> Bool {
        filter.allSatisfy { text in
            [run.name, run.state.name, run.preset, run.dataset].contains { $0.localizedCaseInsensitiveContains(text) }
        }
    }

    private func printTable(_ runs: [RunListing]) {
        let head = ["name", "state", "epochs", "best test loss", "seconds"]
        let rows = runs.map { run in
            [
                run.name, run.state.name, "\(run.epoch)" + (run.epochs.map { " of \($0)" } ?? ""),
                run.best.map { String(format: "%.3f in epoch %d", $0.test.negativeELBO, $0.epoch) } ?? "",
                run.seconds.map { String(format: "%.1f", $0) } ?? "",
            ]
        }
        for line in Table.lines([head] + rows, right: [4]) { Console.print(line) }
        for run in runs {
            if case .failed(let reason) = run.state { Console.note("\(run.name): \(reason)") }
            for notice in run.notices { Console.note("\(run.name): \(notice)") }
        }
    }

    private struct Line: Encodable {
        var name, path, state, preset, dataset: String
        var step, epoch: Int
        var epochs: Int?
        var best: Best?
        var seconds: Double?
        var can_resume: Bool
        var notices: [String]

        struct Best: Encodable {
            var epoch: Int
            var test: LossTerms
        }

        init(_ run: RunListing) {
            (name, path, state, preset, dataset) = (run.name, run.path, run.state.name, run.preset, run.dataset)
            (step, epoch, epochs, seconds) = (run.step, run.epoch, run.epochs, run.seconds)
            best = run.best.map { Best(epoch: $0.epoch, test: $0.test) }
            can_resume = run.canResume
            notices = run.notices
            if case .failed(let reason) = run.state { notices.insert(reason, at: 0) }
        }
    }
}
