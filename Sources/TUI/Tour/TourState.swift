import Drawing
import VAECore

/// How far the reader of the tour has got.
package struct TourState: Sendable {
    /// Whether the panel is there.
    package var isActive = false
    package var language: TourLanguage
    /// Places in `TourChapter.all` and among its steps.
    package internal(set) var chapter = 0
    package internal(set) var step = 0
    /// Whether what the step asks for was done. A step that is only read is done from the beginning.
    package internal(set) var isDone = false
    /// The part of the text that is shown, where it does not fit at once.
    var page = 0
    /// One sentence at a time, for a projector.
    var isLarge = false
    /// How things stood when the step began.
    var start = TourFacts()
    /// The numbers of the step's texts, as they were when it was done.
    var numbers: [String: String] = [:]
    /// On the way to the step's place: its model may have to be loaded first.
    var arrival: Arrival?
    /// The model that was on show before the tour, as it stood: it gets its place back.
    var before: Session?

    enum Arrival: Sendable, Equatable {
        /// The run under way has been told to stop.
        case stopping
        /// The model is being read.
        case loading
        /// A run is being begun.
        case training
    }

    package init(language: TourLanguage = .english) { self.language = language }

    var currentChapter: TourChapter { TourChapter.all[chapter] }
    var current: TourStep { currentChapter.steps[step] }

    /// Where the reader is, to be kept for the next time: `autoencoder.codes`.
    package var place: String { "\(currentChapter.name).\(current.name)" }

    /// Goes to a place that was kept; one that is not known is the beginning.
    package mutating func go(toPlace place: String) {
        let parts = place.split(separator: ".").map(String.init)
        chapter = TourChapter.all.firstIndex { $0.name == parts.first } ?? 0
        step = currentChapter.steps.firstIndex { $0.name == parts.last } ?? 0
    }
}

extension TourChapter {
    /// The names of all texts of chapters and steps.
    package static var names: Set<String> {
        Set(all.flatMap { chapter in
            [chapter.name] + chapter.steps.flatMap { step in
                [chapter.key(step, "do")] + (step.until == nil ? [] : [chapter.key(step, "said")])
            }
        })
    }
}
