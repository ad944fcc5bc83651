import Drawing
import VAECore

// What is computed of a model from every image of a set: for several screens, and for both models alike.

/// Where the images of a set lie in the latent space.
package struct EncodeImages: Job {
    package var model: ModelAt
    package var set: ImageSet
    package var isTraining: Bool
    /// Whether the model changes meanwhile: then it is asked for again and again, and takes time from the trainer.
    package var isLive = false

    /// Seconds between two times while the model changes.
    private static let liveInterval = 1.0
    /// Images encoded while a model trains, and training images encoded at all.
    private static let (liveLimit, trainingLimit) = (2000, 4000)

    package var policy: JobPolicy { .once(every: isLive ? Self.liveInterval : 0) }
    package var about: ModelSlot.ID? { model.id }
    package var key: JobKey {
        JobKey(kind: ObjectIdentifier(isTraining ? TrainingCodes.self : EncodeImages.self), about: about)
    }
    private enum TrainingCodes {}

    package func run(on bench: Bench) -> LatentCodes? {
        guard set.shape.count == model.snapshot.network.pixels else { return nil }
        let limit = isTraining ? Self.trainingLimit : isLive ? Self.liveLimit : .max
        return LatentCodes(
            bench.inference(model.snapshot), set, model.session.binarization, seed: model.session.seed, limit: limit)
    }

    package func finish(_ codes: LatentCodes, _ state: inout AppState) -> [Effect] {
        state.change(model.id) { if isTraining { $0.trainingCodes = codes } else { $0.codes = codes } }
        guard model.id == state.shown.id else { return [] }
        if !isTraining { findNeighbours(&state) }
        return state.screen == .explore && state.explore.showsCodes ? refresh(state) : []
    }
}

/// The losses of each image of the held-out set.
package struct ScoreImages: Job {
    package var model: ModelAt
    package var set: ImageSet

    package var policy: JobPolicy { .once() }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> [LossTerms]? {
        guard set.shape.count == model.snapshot.network.pixels else { return nil }
        var scores: [LossTerms] = []
        scores.reserveCapacity(set.count)
        for start in stride(from: 0, to: set.count, by: 256) where bench.isWanted() {
            let (images, labels) = model.inputs(start..<min(set.count, start + 256), of: set)
            scores += bench.inference(model.snapshot).reconstruct(images, labels: labels).map(\.terms)
        }
        return scores
    }

    package func finish(_ scores: [LossTerms], _ state: inout AppState) -> [Effect] {
        state.change(model.id) { ($0.scores, $0.scoresStep) = (scores, model.snapshot.step) }
        return scored(model.id, &state)
    }
}

/// The data set of the model on show.
package struct LoadData: Job {
    package var session: Session

    package var policy: JobPolicy { .each(.files) }
    package func run(on bench: Bench) -> DataState? { session.loadData() }
    package func finish(_ data: DataState, _ state: inout AppState) -> [Effect] { loaded(data, &state) }
    package static func == (a: LoadData, b: LoadData) -> Bool { a.session.path == b.session.path }
}

/// A model that was trained, to a file.
package struct SaveModel: Job {
    package var model: ModelAt
    package var run: SavedRun

    package var policy: JobPolicy { .each(.files) }

    package func run(on bench: Bench) throws -> String? { try model.session.save(run) }

    package func finish(_ path: String, _ state: inout AppState) -> [Effect] {
        saved(path, step: run.snapshot.step, model.id, &state)
    }

    package func fail(_ error: any Error, _ state: inout AppState) -> [Effect] {
        saveFailed("\(error)", model.id, &state)
        return []
    }

    package static func == (a: SaveModel, b: SaveModel) -> Bool {
        a.model == b.model && a.run.snapshot === b.run.snapshot && a.run.place == b.run.place
    }
}

// MARK: Asking for them

/// Computing the losses of all held-out images under the model on show.
func scoreEffects(_ state: AppState) -> [Effect] {
    state.data.dataset.map { [.job(ScoreImages(model: state.shown.now, set: $0.test))] } ?? []
}

/// Encoding the held-out images.
func encode(_ slot: ModelSlot, _ state: AppState) -> Effect? {
    guard let dataset = state.data.dataset else { return nil }
    let changes = state.training.run?.state.takesSteps == true || state.training.followed?.hasEnded == false
    let isLive = slot.id == state.shown.id && changes
    return .job(EncodeImages(model: slot.now, set: dataset.test, isTraining: false, isLive: isLive))
}
