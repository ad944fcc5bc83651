import ArgumentParser
import Drawing
import Foundation
import TUI
import VAECore

struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train every combination of several settings, and compare them over seeds.",
        discussion: """
            Each option of 'latent train' for the network and its training can have several values, separated by commas
            (those of --hidden by /). The same command again does only what is missing.

            Examples:
              latent sweep --beta 0.5,1,2,4 --latent 2,10 --seed 1,2,3 --epochs 10
              latent sweep --preset pytorch --hidden 200/400/400,200 --jobs 2 --out sweeps/widths
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var pictures: PictureSizeOptions
    @Option(parsing: .unconditional, help: "Runs that train at the same time.") var jobs = 1
    @Option(
        help: "The folder of the sweep; by default one in sweeps/ that is named after its options.", completion: .directory)
    var out: String?
    @Flag(help: "Print one JSON object per combination at the end.") var json = false
    @Argument(parsing: .allUnrecognized, help: "Options of 'latent train', with one value or several.")
    var options: [String] = []

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs: expected 1 to 64, found \(jobs)") }
    }

    mutating func run() throws {
        let plan = try SweepPlan(options)
        let dataset = try Surroundings.loadData(data.choice.sized(pictures))
        let folder = out ?? plan.folder
        let given = plan.combinations.lazy.compactMap(\.train.training.threads).first
        let threads = given ?? max(1, Workers.resolve(threads: nil) / jobs)
        Console.note("\(plan.combinations.count) runs in \(folder)")
        Console.outlivesOutput.store(true, ordering: .relaxed)
        let signal = try train(plan, folder, dataset, threads: threads)
        let summary = SweepSummary(plan, folder: folder)
        try summary.write(into: folder)
        if let signal {
            Console.note("the same command continues this sweep")
            throw Interrupted(status: 128 + signal)
        }
        if json {
            for group in summary.groups { Console.json(Line(group, summary.names)) }
        } else {
            for line in summary.table { Console.print(line) }
            Console.note("losses in nats per image, ± the standard deviation over seeds; saved \(folder)/summary.csv, runs.csv")
        }
        let failed = summary.runs.filter { if case .failed = $0.listing.state { true } else { false } }
        for run in failed { Console.message("\(run.combination.name) failed: \(run.listing.notices.first ?? reason(run))") }
        if !failed.isEmpty { throw Interrupted(status: 1) }
    }

    private func reason(_ run: SweepSummary.Run) -> String {
        if case .failed(let reason) = run.listing.state { reason } else { "" }
    }

    /// Trains what is missing.
    /// - Returns: the signal that ended it, if one did; every run has then been stopped and written.
    private func train(_ plan: SweepPlan, _ folder: String, _ dataset: Dataset, threads: Int) throws -> Int32? {
        Signals.catchRequestsToEnd()
        defer { Signals.release() }
        var waiting = plan.combinations[...]
        var active: [SweepRun] = []
        var clock = SweepClock(runs: plan.combinations.count)
        var signal: Int32?
        while true {
            while signal == nil, active.count < jobs, let next = waiting.popFirst() {
                let path = folder + "/" + next.name
                if let run = try SweepRun(next, at: path, dataset, threads: threads) {
                    active.append(run)
                } else {
                    clock.skip()
                }
            }
            guard !active.isEmpty else { break }
            usleep(50_000)
            if signal == nil, let number = Signals.takePending() {
                signal = number
                for run in active { run.trainer.control.obey(.stop) }
            }
            active = try active.filter { run in
                guard try run.isOver() else { return true }
                if signal == nil { report(run, folder, &clock) }
                return false
            }
            clock.progress(active)
        }
        Console.clearProgress()
        return signal
    }

    /// A row of the table for a run that has ended.
    private func report(_ run: SweepRun, _ folder: String, _ clock: inout SweepClock) {
        clock.finish()
        guard !json else { return }
        let listing = RunListing(folder + "/" + run.combination.name)
        let last = RunHistory.read(folder: listing.path, steps: .last).epochs.last
        let loss = last.map {
            String(
                format: "test %.3f = reconstruction %.3f + KL %.3f", $0.test.negativeELBO, $0.test.reconstruction, $0.test.kl)
        }
        Console.clearProgress()
        Console.note("\(run.combination.name)  \(listing.state.name)  " + [loss, listing.seconds.map { String(format: "%.1f s", $0) }]
            .compactMap { $0 }.joined(separator: "  "))
    }

    private struct Line: Encodable {
        var settings: [String: String]
        var runs: Int
        var negative_elbo, spread, reconstruction, kl: Double?

        init(_ group: SweepSummary.Group, _ names: [String]) {
            settings = Dictionary(zip(names, group.values)) { $1 }
            runs = group.runs.count { $0.last != nil }
            (negative_elbo, spread) = (group.loss?.mean, group.loss?.spread)
            (reconstruction, kl) = (group.reconstruction, group.kl)
        }
    }
}

/// How far a sweep has come, and how long the rest will take.
private struct SweepClock {
    let runs: Int
    private var done = 0
    /// Runs that this process has trained, and when it began.
    private var trained = 0
    private let began = ContinuousClock.now

    init(runs: Int) { self.runs = runs }

    /// A run was there already.
    mutating func skip() { done += 1 }

    mutating func finish() {
        done += 1
        trained += 1
    }

    /// Shows on a terminal a row for each run that trains, and how far the sweep has come.
    func progress(_ active: [SweepRun]) {
        let parts = active.map { Double($0.progress.step) / Double(max(1, $0.progress.totalSteps)) }.reduce(0, +)
        let share = Double(trained) + parts
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let left = share > 0.02 ? "  \(duration(seconds / share * (Double(runs - done) - parts))) left" : ""
        let filled = min(30, Int((Double(done) + parts) * 30 / Double(max(1, runs))))
        let rows = active.map { run in
            let progress = run.progress
            return [
                run.combination.name, "epoch \(min(progress.epoch + 1, progress.epochs))/\(progress.epochs)",
                run.testLoss.map { String(format: "test %.3f", $0) } ?? "", "\(NumberText.count(progress.imagesPerSecond)) images/s",
            ]
        }
        Console.progress(
            Table.lines(rows) + ["[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
                + "] \(done) of \(runs) runs done" + left])
    }
}
