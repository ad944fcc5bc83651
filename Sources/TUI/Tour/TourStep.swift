import VAECore

/// One step of the tour: what to look at and what to do are in the texts, under its name; here is when it is done, and
/// which numbers its texts tell.
///
/// Its texts are `NAME.do`, which says what to look at and what to press, and `NAME.said`, which says what was seen, once
/// it is done. A step without `until` has only the first: it is done once it is read.
struct TourStep: Sendable {
    typealias Condition = @Sendable (AppState, TourFacts) -> Bool
    typealias Numbers = @Sendable (AppState, TourFacts) -> [String: String]

    /// Its name, after that of its chapter: `walk`.
    let name: String
    /// Where it is to be done; the first is where the tour brings the reader.
    let screens: [Screen]
    /// The model on show that it speaks of, by its name in `models/`; nil for any, such as the one being trained.
    let model: String?
    /// Whether a run must be under way.
    let needsRun: Bool
    /// Steps a second that a run takes at most meanwhile.
    let pace: Double
    /// Undoes what would make it done before it has begun.
    let prepare: @Sendable (inout AppState) -> Void
    /// When it is done, from how things are and how they were when it began. Nil for a step that is only read.
    let until: Condition?
    /// The numbers of its texts: `{name}` in a text stands for one.
    let numbers: Numbers

    init(
        _ name: String, on screens: Screen..., of model: String? = nil, needsRun: Bool = false, pace: Double = 30,
        prepare: @escaping @Sendable (inout AppState) -> Void = { _ in }, until: Condition? = nil,
        numbers: @escaping Numbers = { _, _ in [:] }
    ) {
        (self.name, self.screens, self.model, self.needsRun) = (name, screens, model, needsRun)
        (self.pace, self.prepare) = (pace, prepare)
        (self.until, self.numbers) = (until, numbers)
    }

    /// To put a model that comes with the project on show.
    static func load(_ model: String, numbers: @escaping Numbers) -> TourStep {
        TourStep(
            "load", on: .models, .explore,
            until: { state, _ in state.model.name == model && !state.training.isOwn }, numbers: numbers)
    }

    /// Whether what is on the screen is what the step speaks of.
    func isInPlace(_ state: AppState) -> Bool {
        screens.contains(state.screen) && (model == nil || isShown(state)) && (!needsRun || state.training.isActive)
    }

    /// Whether its model is on show, as it was saved.
    func isShown(_ state: AppState) -> Bool {
        model.map { $0 == state.model.name && !state.training.isOwn && state.training.past.shown == nil } ?? true
    }
}

/// How things stood when a step began, as far as conditions look back.
package struct TourFacts: Sendable, Equatable {
    var cursor: [Float] = []
    var step = 0
    var samples: UInt64 = 0
    /// Whether something was typed at a prompt since.
    var hasTyped = false

    init() {}

    init(_ state: AppState) {
        cursor = state.explore.cursor
        step = state.training.run?.progress.step ?? state.model.step
        samples = state.compare.sampleSeed ?? 0
    }
}

/// Some steps that make one thing clear.
package struct TourChapter: Sendable {
    /// Its name: `autoencoder`; the text under it is its title.
    package let name: String
    let steps: [TourStep]

    init(_ name: String, _ steps: TourStep...) { (self.name, self.steps) = (name, steps) }

    /// Every chapter, in the order of the study. A new one is a file and a row here.
    package static let all: [TourChapter] = [
        .twoNumbers, .autoencoder, .cloud, .learning, .tugOfWar, .prior, .between, .dimensions, .howGood, .references,
        .yours,
    ]

    /// The name under which a step's text stands in the tables.
    func key(_ step: TourStep, _ part: String) -> String { "\(name).\(step.name).\(part)" }
}
