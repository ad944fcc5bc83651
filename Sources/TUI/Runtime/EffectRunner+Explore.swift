import Foundation
import VAECore

/// Parameters of a run at some of its steps, evenly spread, within a bound of memory. Beyond it come only the newest and
/// those on show, which are there anyway.
package struct Past {
    private var held: [ParameterSnapshot] = []
    /// The newest, whether it is held or not.
    package private(set) var newest: ParameterSnapshot?
    /// Steps between two that are held, at least.
    private var spacing = 1
    /// The step on show; nil is the newest.
    package var shown: Int?

    private let bytes: Int

    /// - Parameter bytes: what those that are held may take.
    package init(bytes: Int = 64 << 20) { self.bytes = bytes }

    /// The steps that can be shown, ascending; the last is the newest.
    package var steps: [Int] {
        let steps = held.map(\.step)
        guard let newest, newest.step != steps.last else { return steps }
        return steps + [newest.step]
    }

    /// All that are held, and the newest.
    package var all: [ParameterSnapshot] {
        guard let newest, newest.step != held.last?.step else { return held }
        return held + [newest]
    }

    /// The parameters of a step that is held.
    package func snapshot(at step: Int) -> ParameterSnapshot? { held.first { $0.step == step } }

    /// Takes the run's newest parameters; of those before, some go.
    package mutating func remember(_ snapshot: ParameterSnapshot) {
        // A run that went back to an earlier step: those after it led to a divergence, not to what is now.
        held.removeAll { $0.step > snapshot.step }
        if let shown, shown > snapshot.step { self.shown = nil }
        newest = snapshot
        if let last = held.last, snapshot.step < last.step + spacing { return }
        held.append(snapshot)
        let most = bytes / (4 * max(1, snapshot.network.parameterCount))
        var passing = held.filter { $0.step != shown }
        guard passing.count > most else { return }
        // Every other goes, and those that come are twice as far apart. What is on show stays.
        while passing.count > most {
            passing = passing.enumerated().filter { most > 0 && $0.offset % 2 == 0 }.map(\.element)
        }
        held = (passing + held.filter { $0.step == shown }).sorted { $0.step < $1.step }
        guard let first = passing.first, let last = passing.last else { return }
        spacing = max(1, (last.step - first.step) / max(1, passing.count - 1))
    }
}

extension EffectRunner {
    func density(_ grid: LatentGrid, _ columns: Int, _ rows: Int, _ prior: AggregatePosterior.Prior?) -> AppAction? {
        let step = inference.snapshot.step
        // The newer, of equals the more.
        let known = [lastTrainingCodes, lastCodes].compactMap { $0 }
        guard let codes = known.first(where: { $0.step == step }) ?? lastCodes,
            codes.latent == inference.snapshot.network.latent
        else { return nil }
        return .density(AggregatePosterior(codes, over: grid, columns: columns, rows: rows, prior: prior))
    }

    func traverse(_ dimensions: [Int], _ values: [[Float]], _ cursor: [Float], _ label: Int?) -> AppAction {
        var z: [Float] = []
        for (dimension, row) in zip(dimensions, values) {
            for value in row {
                var point = cursor
                point[dimension] = value
                z += point
            }
        }
        let labels = label.map { [Int](repeating: $0, count: z.count / cursor.count) }
        return .traversed(
            ExploreState.Traversals(
                dimensions: dimensions, values: values, pictures: inference.decode(z, labels: labels)))
    }

    /// Shows the parameters of a step that is held, or the newest.
    func showStep(_ step: Int?) -> AppAction? {
        let wanted = step.flatMap { past.snapshot(at: $0) }
        guard let snapshot = wanted ?? past.newest else { return nil }
        past.shown = wanted?.step
        present(snapshot)
        return .showing(step: snapshot.step, epoch: snapshot.epoch)
    }

    // MARK: Pictures to files

    /// Writes pictures to a file in the working folder.
    func write(_ export: Effect.Export) -> AppAction {
        let sheet = PictureSheet(
            export.pictures, of: inference.snapshot.network.configuration.image, columns: export.columns)
        return Self.exported("\(export.name)-step\(export.step)", "png") { path throws(CoreError) in
            try PNG.write(sheet.bytes, shape: sheet.shape, to: path)
        }
    }

    /// Points of the latent space one after another, each four times its size.
    func animate(_ points: [[Float]], _ label: Int?) {
        let snapshot = inference.snapshot
        later {
            let shape = snapshot.network.configuration.image
            let inference = Inference(snapshot)
            return Self.exported(points.count, "path-step\(snapshot.step)", centiseconds: 8) { frame in
                PictureSheet(inference.decode(points[frame], labels: label.map { [$0] }), of: shape, columns: 1).enlarged(4)
            }
        }
    }

    /// The plane at every step held, twice its size.
    func timeLapse(_ grid: LatentGrid, _ label: Int?) {
        let snapshots = past.all
        later {
            let z = grid.points
            let labels = label.map { [Int](repeating: $0, count: grid.rows * grid.columns) }
            return Self.exported(snapshots.count, "steps-to-\(snapshots.last?.step ?? 0)", centiseconds: 25) { frame in
                let snapshot = snapshots[frame]
                let pictures = Inference(snapshot).decode(z, labels: labels)
                return PictureSheet(pictures, of: snapshot.network.configuration.image, columns: grid.columns).enlarged(2)
            }
        }
    }

    /// Frames are made one at a time: a run's time-lapse at once would take much memory.
    private static func exported(
        _ count: Int, _ name: String, centiseconds: Int, frame: (Int) -> PictureSheet
    ) -> AppAction {
        guard count > 0 else { return .failed("there is nothing to write") }
        let first = frame(0)
        return exported(name, "gif") { path throws(CoreError) in
            try GIF.write(count: count, shape: first.shape, centiseconds: centiseconds, to: path) {
                $0 == 0 ? first.bytes : frame($0).bytes
            }
        }
    }

    /// Writes a file of the working folder, under a name that is free.
    private static func exported(
        _ name: String, _ kind: String, _ write: (String) throws(CoreError) -> Void
    ) -> AppAction {
        var path = "latent-\(name).\(kind)"
        var number = 2
        while FileManager.default.fileExists(atPath: path), number < 10_000 {
            path = "latent-\(name)-\(number).\(kind)"
            number += 1
        }
        do throws(CoreError) {
            try write(path)
            return .exported(path: path)
        } catch {
            return .failed(error.description)
        }
    }

    // MARK: Codes

    /// While a model changes, its codes are computed this often at most, seconds: they take time from the trainer.
    private static let encodeEvery = 1.0
    /// Images encoded while a model trains, and training images encoded at all.
    private static let (livingLimit, trainingLimit) = (2000, 4000)

    func encode() {
        let isTraining = isTrainingNow
        if isTraining, let encodedAt, ContinuousClock.now - encodedAt < .seconds(Self.encodeEvery) { return }
        guard !isEncoding, let set = dataset?.test else { return }
        let snapshot = inference.snapshot
        guard set.shape.count == snapshot.network.pixels else { return }
        isEncoding = true
        encodedAt = .now
        let limit = isTraining ? Self.livingLimit : .max
        later(for: show) { [session] in
            .encoded(LatentCodes(Inference(snapshot), set, session.binarization, seed: session.seed, limit: limit))
        }
    }

    func encodeTraining() {
        guard !isEncodingTraining, let set = dataset?.train else { return }
        let snapshot = inference.snapshot
        guard set.shape.count == snapshot.network.pixels else { return }
        isEncodingTraining = true
        later(for: show) { [session] in
            .encodedTraining(
                LatentCodes(
                    Inference(snapshot), set, session.binarization, seed: session.seed, limit: Self.trainingLimit))
        }
    }
}
