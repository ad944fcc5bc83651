import Drawing
import VAECore

// A run that was stopped, or was ended with its process, goes on.

/// Makes ready to continue the run that the model on show came from.
package struct TakeUpRun: Job {
    package var model: ModelAt
    package var dataset: Dataset

    package var policy: JobPolicy { .each(.files) }
    package var about: ModelSlot.ID? { model.id }

    /// Waits for the run's last lines and its checkpoint to be written, and reads it.
    package func run(on bench: Bench) throws -> [String]? { try model.session.takeUp(dataset) }

    package func finish(_ notes: [String], _ state: inout AppState) -> [Effect] {
        guard !state.training.isActive else { return [] }
        state.training.startNote = notes.first
        return [.startTraining()]
    }

    package static func == (a: TakeUpRun, b: TakeUpRun) -> Bool { a.model == b.model }
}

/// Continues the run that is over, from its last checkpoint; says so when there is nothing to continue.
func continueRun(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run, run.state.isOver else { return [] }
    if case .finished = run.state {
        state.message = .init(text: "every epoch is done: t trains again from scratch")
        return []
    }
    if let refusal = run.refusal {
        state.message = .init(text: "\(run.name): \(refusal); t trains it from scratch")
        return []
    }
    return takeUpRun(&state)
}

/// The same, once the data set is there.
func takeUpRun(_ state: inout AppState) -> [Effect] {
    switch state.data {
    case .ready(let dataset):
        state.message = .init(text: "continuing \(state.model.name)")
        return [.job(TakeUpRun(model: state.shown.now, dataset: dataset))]
    case .loading:
        state.training.waitsForData = .continuing
        state.message = .init(text: "training goes on as soon as the data set is loaded")
    case .missing(let reason): state.message = .init(text: reason, isError: true)
    }
    return []
}
