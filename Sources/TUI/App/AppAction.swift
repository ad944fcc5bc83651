import Drawing
import VAECore

/// Something that happened: what `update` is told.
package enum AppAction: Sendable {
    case key(Key)
    case mouse(x: Int, y: Int, MouseKind)
    /// Text was pasted: no key of it is obeyed.
    case paste(String)
    case resize(width: Int, height: Int)
    /// The terminal has said what is behind its text.
    case background(Background)
    /// The data set has been loaded, or not.
    case data(DataState)
    /// A training run has begun.
    case trainingStarted(TrainState.Run)
    /// What the run had to tell; its snapshot, if any, is on show from now on.
    case mail(TrainingMailbox.Mail)
    /// Time passes, seconds of the program's clock; comes while something moves.
    case tick(Double)
    /// The message has been there long enough to be read.
    case messageRead
    /// What came of a job.
    case answer(JobAnswer)
    /// Something asked for could not be done.
    case failed(String)
}

/// What `update` asks for.
package enum Effect: Sendable {
    /// Work, whose answer is an action.
    case job(any Job)
    /// Trains the model on show anew; the run under way, if any, ends.
    case startTraining(learningRateScale: Double = 1)
    /// Trains the model on show anew for a chapter of the tour: from a small set, without end, at most so many steps a second.
    case startLesson(pace: Double)
    /// Follows the run of another process that the session names.
    case follow
    /// Something asked of the run under way, between two of its steps.
    case control(TrainingControl.Command)
    /// Ask the run for its parameters at the next step.
    case requestSnapshot
    case redraw
    case quit

    /// Whether it is for the next frame alone: of several of a kind only the last is done.
    var isForFrame: Bool {
        if case .job(let job) = self { return job.policy == .frame }
        return false
    }
}

extension Effect: Equatable {
    package static func == (a: Effect, b: Effect) -> Bool {
        switch (a, b) {
        case (.job(let a), .job(let b)): a.isEqual(to: b)
        case (.startTraining(let a), .startTraining(let b)): a == b
        case (.startLesson(let a), .startLesson(let b)): a == b
        case (.control(let a), .control(let b)): a == b
        case (.requestSnapshot, .requestSnapshot), (.follow, .follow), (.redraw, .redraw), (.quit, .quit): true
        default: false
        }
    }
}
