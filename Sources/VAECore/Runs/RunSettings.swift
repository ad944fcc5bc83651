import Foundation

/// What was chosen for a run, by name: to say in what runs differ.
package struct RunSettings: Sendable, Equatable {
    /// Names and values as they are shown, those that matter most first.
    package var values: [(name: String, value: String)]

    package static func == (a: RunSettings, b: RunSettings) -> Bool { a.values.elementsEqual(b.values, by: ==) }

    package init(dataset: String, model: ModelConfiguration, training: TrainingConfiguration?) {
        let activations = Set((model.encoder + model.decoder).compactMap { $0.activation?.rawValue })
        values = [
            ("network", model.summary), ("activation", activations.sorted().joined(separator: "+")), ("data", dataset),
        ]
        values += training.map(Self.flat) ?? []
    }

    package init(_ run: RunConfiguration) {
        self.init(dataset: run.dataset, model: run.model, training: run.currentTraining)
    }

    /// Every value of a training: those in the table, in its order; any other by its name in `config.json`.
    private static func flat(_ training: TrainingConfiguration) -> [(name: String, value: String)] {
        guard let data = try? JSONEncoder().encode(training), let json = try? JSONSerialization.jsonObject(with: data) else { return [] }
        var found: [String: String] = [:]
        func walk(_ value: Any, _ path: [String]) {
            if let group = value as? [String: Any] {
                for (key, part) in group { walk(part, path + [key]) }
            } else {
                let number = (value as? Double).map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
                found[path.joined(separator: ".")] = number ?? "\(value)"
            }
        }
        walk(json, [])
        let known = names.compactMap { key, name in found.removeValue(forKey: key).map { (name, $0) } }
        return known + found.sorted { $0.key < $1.key }.map { ($0.key.replacingOccurrences(of: "_", with: " "), $0.value) }
    }

    /// Names in `config.json` and how they are shown, in the order in which they are.
    private static let names: [(key: String, name: String)] = [
        ("beta", "beta"), ("learningRate", "rate"), ("optimizer.kind", "optimizer"), ("optimizer.weightDecay", "decay"),
        ("schedule", "schedule"), ("batchSize", "batch"), ("epochs", "epochs"), ("objective.freeBits", "free bits"),
        ("objective.bound", "objective"), ("objective.samples", "samples"), ("klWarmUp", "warm-up"),
        ("gradientClip", "clip"), ("binarization", "pixels"), ("initialization", "start"), ("seed", "seed"),
    ]

    /// In what runs differ: for each name the values of all, in order; nil where a run does not tell.
    package static func differences(_ runs: [RunSettings]) -> [(name: String, values: [String?])] {
        var names: [String] = []
        for run in runs { for (name, _) in run.values where !names.contains(name) { names.append(name) } }
        return names.compactMap { name in
            let values = runs.map { run in run.values.first { $0.name == name }?.value }
            return Set(values).count > 1 ? (name, values) : nil
        }
    }
}
