import Foundation
import VAECore

/// The results of a sweep: one row per run, and one per combination with mean and spread over the seeds.
struct SweepSummary {
    /// One run.
    struct Run {
        var combination: SweepPlan.Combination
        var listing: RunListing
        /// The losses after the last epoch.
        var last: RunHistory.Epoch?
    }

    /// The runs of one combination that differ in the seed only.
    struct Group {
        /// The values of the axes other than the seed.
        var values: [String]
        var runs: [Run]

        private var losses: [Double] { runs.compactMap { $0.last?.test.negativeELBO } }

        /// Mean of the final test loss, and its standard deviation over the seeds (nil for one seed); nats per image.
        var loss: (mean: Double, spread: Double?)? { Self.statistics(losses) }
        /// The same of both terms.
        var reconstruction: Double? { Self.statistics(runs.compactMap { $0.last?.test.reconstruction })?.mean }
        var kl: Double? { Self.statistics(runs.compactMap { $0.last?.test.kl })?.mean }

        /// The mean and the sample standard deviation.
        static func statistics(_ values: [Double]) -> (mean: Double, spread: Double?)? {
            guard !values.isEmpty else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            guard values.count > 1 else { return (mean, nil) }
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (mean, (squares / Double(values.count - 1)).squareRoot())
        }
    }

    let axes: [SweepPlan.Axis]
    let runs: [Run]
    let groups: [Group]
    /// The names of the axes other than the seed.
    let names: [String]

    init(_ plan: SweepPlan, folder: String) {
        axes = plan.axes
        runs = plan.combinations.map { combination in
            let path = folder + "/" + combination.name
            return Run(
                combination: combination, listing: RunListing(path), last: RunHistory.read(folder: path, steps: .last).epochs.last)
        }
        let kept = axes.indices.filter { plan.axes[$0].name != "seed" }
        names = kept.map { plan.axes[$0].name }
        var groups: [Group] = []
        for run in runs {
            let values = kept.map { run.combination.values[$0] }
            if let at = groups.firstIndex(where: { $0.values == values }) {
                groups[at].runs.append(run)
            } else {
                groups.append(Group(values: values, runs: [run]))
            }
        }
        self.groups = groups
    }

    // MARK: Output

    /// Writes `runs.csv` and `summary.csv`.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    func write(into folder: String) throws(CoreError) {
        let runs = runs.map { run in
            run.combination.values + [
                run.listing.state.name, "\(run.listing.epoch)", text(run.last?.test.negativeELBO),
                text(run.last?.test.reconstruction), text(run.last?.test.kl), text(run.listing.best?.test.negativeELBO),
                text(run.listing.seconds), run.combination.name,
            ]
        }
        let head = axes.map(\.name) + [
            "state", "epochs", "negative_elbo", "reconstruction", "kl", "best_negative_elbo", "seconds", "folder",
        ]
        try AtomicFile.write(csv([head] + runs), to: folder + "/runs.csv")
        let groups = groups.map { group in
            group.values + [
                "\(group.runs.count { $0.last != nil })", text(group.loss?.mean), text(group.loss?.spread),
                text(group.reconstruction), text(group.kl),
            ]
        }
        try AtomicFile.write(
            csv([names + ["runs", "negative_elbo", "spread", "reconstruction", "kl"]] + groups), to: folder + "/summary.csv")
    }

    private func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }

    private func csv(_ rows: [[String]]) -> [UInt8] {
        let lines = rows.map { row in
            row.map { $0.contains { ",\"\n".contains($0) } ? "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : $0 }
                .joined(separator: ",")
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// The table of the combinations, lines of equal columns.
    var table: [String] {
        let rows = groups.map { group in
            let spread = group.loss?.spread.map { String(format: " ± %.3f", $0) } ?? ""
            return group.values + [
                "\(group.runs.count { $0.last != nil }) of \(group.runs.count)",
                group.loss.map { String(format: "%.3f", $0.mean) + spread } ?? "",
                group.reconstruction.map { String(format: "%.3f", $0) } ?? "", group.kl.map { String(format: "%.3f", $0) } ?? "",
            ]
        }
        return Table.lines([names + ["runs", "test loss", "reconstruction", "KL"]] + rows)
    }
}

/// Rows of text in columns.
enum Table {
    /// One line per row; two spaces between columns as wide as their widest text.
    /// - Precondition: the rows have the same number of columns.
    static func lines(_ rows: [[String]], right: Set<Int> = []) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return right.contains(column) ? space + row[column] : row[column] + space
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
