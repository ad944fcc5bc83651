import VAECore

/// Work that takes a while, as a value: `update` asks for it, the runner does it, and its answer changes the state.
/// Adding work is one such struct, in the folder of the screen that asks for it.
public protocol Job: Equatable, Sendable {
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
    public var about: ModelSlot.ID? { nil }

    public func fail(_ error: any Error, _ state: inout AppState) -> [Effect] {
        state.message = .init(text: "\(error)", isError: true)
        return []
    }

    /// The action that its answer is.
    public func answer(_ answer: Answer) -> AppAction {
        .answer(JobAnswer(about: about) { finish(answer, &$0) })
    }

    /// The action that its failure is.
    public func failure(_ error: any Error) -> AppAction {
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

    public var key: JobKey { JobKey(kind: ObjectIdentifier(Self.self), about: about) }
}

/// When work is done.
public enum JobPolicy: Sendable, Equatable {
    /// Before the next frame, on the event loop's own thread: takes milliseconds. Of several of a kind, the last.
    case frame
    /// On another thread; while it is under way it is not begun again. At most every so many seconds.
    case once(Lane = .work, every: Double = 0)
    /// On another thread, each time that it is asked for.
    case each(Lane = .work)

    /// Work of one lane is done one after another.
    public enum Lane: Sendable, CaseIterable {
        case work
        /// A slow disc keeps nothing else waiting.
        case files
        /// What may take seconds and nothing waits for.
        case measuring
    }
}

/// What came of a job.
public struct JobAnswer: Sendable {
    let about: ModelSlot.ID?
    let apply: @Sendable (inout AppState) -> [Effect]
}

/// A kind of job.
public struct JobKey: Hashable, Sendable {
    let kind: ObjectIdentifier
    let about: ModelSlot.ID?
}

/// A model's parameters at one step, for a job.
public struct ModelAt: Sendable, Equatable {
    let id: ModelSlot.ID
    let session: Session
    let snapshot: ParameterSnapshot

    /// Images as the model sees them, and their classes.
    func inputs(_ range: Range<Int>, of set: ImageSet) -> (images: [Float], labels: [Int]?) {
        session.inputs(range, of: set)
    }

    public static func == (a: ModelAt, b: ModelAt) -> Bool { a.id == b.id && a.snapshot === b.snapshot }
}

extension ModelSlot {
    /// Its parameters as they are now.
    public var now: ModelAt { ModelAt(id: id, session: session, snapshot: snapshot) }
}
