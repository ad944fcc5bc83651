import Drawing
import VAECore

/// Work that takes a while, as a value: `update` asks for it, the runner does it, and its answer changes the state.
/// Adding work is one such struct, in the folder of the screen that asks for it.
package protocol Job: Equatable, Sendable {
    associatedtype Answer: Sendable

    /// When it is done.
    var policy: JobPolicy { get }
    /// The model it is about: when that has left the screens meanwhile, the answer is dropped. Nil for none.
    var about: ModelSlot.ID? { get }
    /// Says which jobs are of one kind: unless told otherwise, those of one type that are about the same model.
    var key: JobKey { get }
    /// Does it. Nil when nothing comes of it.
    func run(on bench: Bench) throws -> Answer?
    /// What its answer changes.
    func finish(_ answer: Answer, _ state: inout AppState) -> [Effect]
    /// What its failure changes; unless told otherwise, it is said.
    func fail(_ error: any Error, _ state: inout AppState) -> [Effect]
}

extension Job {
    package var about: ModelSlot.ID? { nil }

    package func fail(_ error: any Error, _ state: inout AppState) -> [Effect] {
        state.message = .init(text: "\(error)", isError: true)
        return []
    }

    /// The action that its answer is.
    package func answer(_ answer: Answer) -> AppAction {
        .answer(JobAnswer(about: about) { finish(answer, &$0) })
    }

    /// The action that its failure is.
    package func failure(_ error: any Error) -> AppAction {
        .answer(JobAnswer(about: about) { fail(error, &$0) })
    }

    /// Does it and gives the action that follows, if one does.
    func action(on bench: Bench) -> AppAction? {
        do {
            return try run(on: bench).map(answer)
        } catch {
            return failure(error)
        }
    }

    func isEqual(to other: any Job) -> Bool { other as? Self == self }

    package var key: JobKey { JobKey(kind: ObjectIdentifier(Self.self), about: about) }
}

/// When work is done.
package enum JobPolicy: Sendable, Equatable {
    /// Before the next frame, on the event loop's own thread: takes milliseconds. Of several of a kind, the last.
    case frame
    /// On another thread; while it is under way it is not begun again. At most every so many seconds.
    case once(Lane = .work, every: Double = 0)
    /// On another thread, each time that it is asked for.
    case each(Lane = .work)

    /// Work of one lane is done one after another.
    package enum Lane: Sendable, CaseIterable {
        case work
        /// A slow disc keeps nothing else waiting.
        case files
        /// What may take seconds and nothing waits for.
        case measuring
    }
}

/// What came of a job.
package struct JobAnswer: Sendable {
    let about: ModelSlot.ID?
    let apply: @Sendable (inout AppState) -> [Effect]
}

/// A kind of job.
package struct JobKey: Hashable, Sendable {
    let kind: ObjectIdentifier
    let about: ModelSlot.ID?
}

/// A model's parameters at one step, for a job.
package struct ModelAt: Sendable, Equatable {
    let id: ModelSlot.ID
    package let session: Session
    package let snapshot: ParameterSnapshot

    /// Images as the model sees them, and their classes.
    func inputs(_ range: Range<Int>, of set: ImageSet) -> (images: [Float], labels: [Int]?) {
        session.inputs(range, of: set)
    }

    package static func == (a: ModelAt, b: ModelAt) -> Bool { a.id == b.id && a.snapshot === b.snapshot }
}

extension ModelSlot {
    /// Its parameters as they are now.
    package var now: ModelAt { ModelAt(id: id, session: session, snapshot: snapshot) }
}
