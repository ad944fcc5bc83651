import Foundation
import Synchronization
import VAECore

/// Does the work that `update` asks for, with the one model every screen shows.
///
/// Decoding what is on screen takes about a millisecond and is done at once; what takes longer goes to another
/// thread and answers later through `collect()`.
final class EffectRunner {
    private(set) var session: Session
    /// The model held beside the one on show, for the Compare screen.
    var second: (session: Session, inference: Inference)?
    private let wake: @Sendable () -> Void
    /// Who shares what is decoded for a frame.
    let workers = Workers(count: Workers.resolve(threads: nil))
    var inference: Inference
    var dataset: Dataset?
    private(set) var trainer: Trainer?
    /// What the run has told of its epochs; of more than `epochLimit`, evenly spread ones and the last.
    private var epochs: [EpochReport] = []
    private static let epochLimit = 1024
    /// What was changed of the run.
    private var changes: [TrainingChange] = []
    /// Actions from other threads.
    private let inbox = Locked<[(action: AppAction, show: Show?)]>([])
    private let background = DispatchQueue(label: "latent-background")
    /// For files: a slow disc keeps nothing else waiting.
    private let saving = DispatchQueue(label: "latent-saving")
    /// Where to save once the run that was told to end has ended.
    private var savesAtEnd: SavedRun.Place?
    /// For what may take seconds and nothing waits for.
    let measuring = DispatchQueue(label: "latent-measuring", qos: .utility)
    private var isScoring = false
    var isEncoding = false
    var isEncodingTraining = false
    /// When the codes were last asked for.
    var encodedAt: ContinuousClock.Instant?
    /// The codes of the held-out images, as far as they are known.
    var lastCodes: LatentCodes?
    /// Those of the training images.
    var lastTrainingCodes: LatentCodes?
    /// The run's parameters at some of its steps.
    var past = Past()
    /// Work for the Models screen that is not asked for again before it ends.
    var underWay = Set<String>()
    /// Of the work under way for the models on show and beside it.
    private(set) var show = Show()

    /// One choice of models. Work for it that ends after it is over is dropped.
    final class Show: Sendable {
        private let ended = Atomic(false)
        var isOver: Bool { ended.load(ordering: .relaxed) }
        func end() { ended.store(true, ordering: .relaxed) }
    }

    init(_ session: Session, wake: @escaping @Sendable () -> Void) {
        self.session = session
        self.wake = wake
        inference = Inference(session.snapshot, workers: workers)
    }

    deinit { workers.stop() }

    // MARK: What came in

    /// Starts loading the data set on another thread.
    func loadData() {
        later { [session] in .data(session.loadData()) }
    }

    /// Takes a data set that was loaded elsewhere.
    func accept(_ data: DataState) { dataset = data.dataset }

    /// What the trainer and other threads have to tell since the last call.
    func collect() -> [AppAction] {
        let arrived = inbox.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        var actions: [AppAction] = []
        // One by one: another model that arrives ends what was computed for the one before.
        for (action, show) in arrived {
            if let action = show?.isOver == true ? Self.late(action) : took(action) { actions.append(action) }
        }
        for action in actions {
            if case .data(.ready(let loaded)) = action { dataset = loaded }
            if case .scored = action { isScoring = false }
            if case .encoded(let codes) = action { (isEncoding, lastCodes) = (false, codes) }
            if case .encodedTraining(let codes) = action { (isEncodingTraining, lastTrainingCodes) = (false, codes) }
        }
        if let trainer {
            let mail = trainer.mailbox.take()
            if adopt(mail) || !mail.steps.isEmpty || !mail.epochs.isEmpty || mail.state != lastState {
                lastState = mail.state
                actions.append(.mail(mail))
            }
            if mail.snapshot != nil { actions.append(.timeline(past.steps)) }
            if lastState.isOver, let place = savesAtEnd { save(in: place) }
        }
        return actions
    }

    /// What is still told of work that ends when another model is on show: what became of a file.
    private static func late(_ action: AppAction) -> AppAction? {
        switch action {
        case .saved(let path, _): .exported(path: path)
        case .saveFailed(let reason): .failed("the model before is not saved: \(reason)")
        default: nil
        }
    }

    private var lastState = TrainingState.starting

    /// Whether steps are being taken.
    var isTrainingNow: Bool { trainer != nil && lastState.takesSteps }

    /// Makes the mail's snapshot the model on show.
    private func adopt(_ mail: TrainingMailbox.Mail) -> Bool {
        changes += mail.changes
        epochs += mail.epochs
        while epochs.count > Self.epochLimit { epochs.thin() }
        guard let snapshot = mail.snapshot else { return false }
        past.remember(snapshot)
        if past.shown == nil { present(snapshot) }
        return true
    }

    /// Makes a snapshot of this model the one on show.
    func present(_ snapshot: ParameterSnapshot) {
        inference = Inference(snapshot, workers: workers, reusing: inference)
    }

    // MARK: Another model

    /// Whether a training run has begun and is neither over nor told to end.
    var isTraining: Bool { trainer.map { !lastState.isOver && !$0.control.isStopped } ?? false }

    /// Puts another model on show. The data set stays where it is this one's too.
    /// - Precondition: no training is under way.
    func take(_ other: Session, keepsData: Bool) {
        dropWork()
        // What was beside the other and is on show now leaves its place to it.
        if other.path != nil, second?.session.path == other.path { second = (session, inference) }
        session = other
        inference = Inference(other.snapshot, workers: workers)
        (trainer, savesAtEnd) = (nil, nil)
        (epochs, changes) = ([], [])
        lastState = .starting
        past = Past()
        (lastCodes, lastTrainingCodes, encodedAt) = (nil, nil, nil)
        if !keepsData { dataset = nil }
    }

    /// What is being computed for the models on show is not wanted any more.
    func dropWork() {
        show.end()
        show = Show()
        isScoring = false
        (isEncoding, isEncodingTraining) = (false, false)
        underWay.subtract(["score", "encode"])
    }

    // MARK: Effects

    /// Does `effects`; of several that replace each other, only the last.
    /// - Returns: their answers, as far as they come at once.
    func perform(_ effects: [Effect]) -> [AppAction] {
        var seen = Set<String>()
        let needed = effects.reversed().filter { effect in
            guard let kind = Self.replaceable(effect) else { return true }
            return seen.insert(kind).inserted
        }
        return needed.reversed().compactMap(perform)
    }

    /// Effects of one kind replace each other.
    private static func replaceable(_ effect: Effect) -> String? {
        switch effect {
        case .explore: "explore"
        case .density: "density"
        case .traverse: "traverse"
        case .path: "path"
        case .thumbnail: "thumbnail"
        case .strip: "strip"
        case .compare: "compare"
        case .score: "score"
        case .encode: "encode"
        case .draw: "draw"
        case .requestSnapshot: "snapshot"
        default: nil
        }
    }

    private func perform(_ effect: Effect) -> AppAction? {
        switch effect {
        case .explore(let grid, let cursor, let label):
            return .explored(plane(grid, label), picture: inference.decode(cursor, labels: label.map { [$0] }))
        case .density(let grid, let columns, let rows, let prior):
            return density(grid, columns, rows, prior)
        case .traverse(let dimensions, let values, let cursor, let label):
            return traverse(dimensions, values, cursor, label)
        case .path(let points, let label):
            let labels = label.map { [Int](repeating: $0, count: points.count) }
            return .path(inference.decode(points.flatMap { $0 }, labels: labels))
        case .showStep(let step): return showStep(step)
        case .export(let export): return write(export)
        case .animate(let points, let label):
            animate(points, label)
            return nil
        case .timeLapse(let grid, let label):
            timeLapse(grid, label)
            return nil
        case .thumbnail(let grid, let label): return .thumbnail(decode(grid, label))
        case .strip(let count): return strip(count)
        case .compare(let index, let seed): return compared(index, seed)
        case .score:
            score()
            return nil
        case .encode:
            encode()
            return nil
        case .encodeTraining:
            encodeTraining()
            return nil
        case .draw(let work): return perform(work)
        case .models(let work): return perform(work)
        case .startTraining: return startTraining()
        case .restartTraining(let scale):
            trainer?.control.stop()
            return startTraining(learningRateScale: scale)
        case .control(let control):
            self.control(control)
            return nil
        case .requestSnapshot:
            trainer?.mailbox.requestSnapshot()
            return nil
        case .save:
            save(in: .runs)
            return nil
        case .saveElsewhere:
            save(in: .temporary)
            return nil
        case .redraw, .quit: return nil  // the event loop's own
        }
    }

    /// The Explore or Draw screen's plane: the last one when a step of the cursor has not moved it.
    func plane(_ grid: LatentGrid, _ label: Int?) -> PlanePictures {
        if let last = lastPlane, last.pictures.grid == grid, last.label == label, last.snapshot === inference.snapshot {
            return last.pictures
        }
        let pictures = decode(grid, label)
        lastPlane = (label, inference.snapshot, pictures)
        return pictures
    }

    private var lastPlane: (label: Int?, snapshot: ParameterSnapshot, pictures: PlanePictures)?

    private func decode(_ grid: LatentGrid, _ label: Int?) -> PlanePictures {
        let z = grid.points
        let labels = label.map { [Int](repeating: $0, count: grid.rows * grid.columns) }
        return PlanePictures(
            grid: grid, pictures: inference.decode(z, labels: labels), step: inference.snapshot.step)
    }


    private func strip(_ count: Int) -> AppAction? {
        guard let set = dataset?.test, set.shape.count == inference.snapshot.network.pixels else { return nil }
        let shown = min(count, set.count)
        let (images, labels) = session.inputs(0..<shown, of: set)
        return .strip(
            TrainState.Strip(
                inputs: images, outputs: inference.reconstruct(images, labels: labels).flatMap(\.picture),
                count: shown, step: inference.snapshot.step))
    }

    private func compared(_ index: Int, _ seed: UInt64?) -> AppAction? {
        guard let set = dataset?.test, index < set.count, set.shape.count == inference.snapshot.network.pixels
        else { return nil }
        let (image, labels) = session.inputs(index..<index + 1, of: set)
        guard let made = inference.reconstruct(image, sampleSeed: seed, labels: labels).first else { return nil }
        return .compared(
            CompareState.Pair(
                index: index, input: image, reconstruction: made, step: inference.snapshot.step,
                second: beside(index, seed, set)))
    }

    private func score() {
        guard !isScoring, let set = dataset?.test else { return }
        let snapshot = inference.snapshot
        guard set.shape.count == snapshot.network.pixels else { return }
        isScoring = true
        later(for: show) { [session, show] in
            .scored(Self.scores(session, snapshot, set, while: show), step: snapshot.step)
        }
    }

    /// The losses of every image of a set, or of the first ones when the show ends meanwhile.
    static func scores(
        _ session: Session, _ snapshot: ParameterSnapshot, _ set: ImageSet, while show: Show
    ) -> [LossTerms] {
        let own = Inference(snapshot)
        var scores: [LossTerms] = []
        scores.reserveCapacity(set.count)
        for start in stride(from: 0, to: set.count, by: 256) where !show.isOver {
            let (images, labels) = session.inputs(start..<min(set.count, start + 256), of: set)
            scores += own.reconstruct(images, labels: labels).map(\.terms)
        }
        return scores
    }

    /// Does work on another thread.
    /// - Parameters:
    ///   - show: the models it is for; when they change, its answer is dropped. Nil for any.
    ///   - queue: nil for that of most work, which is done one after another.
    func later(
        for show: Show? = nil, on queue: DispatchQueue? = nil, _ work: @escaping @Sendable () -> AppAction
    ) {
        (queue ?? background).async { [inbox, wake] in
            Signals.protectThread()
            if let show, show.isOver { return }
            let action = work()
            inbox.withLock { $0.append((action, show)) }
            wake()
        }
    }

    /// Waits for the work on the other thread to end.
    func finishBackground() { background.sync {} }

    /// Waits for files that are being written, not for ever.
    func finishSaving() {
        let group = DispatchGroup()
        saving.async(group: group) {}
        _ = group.wait(timeout: .now() + Self.longestWait)
    }

    // MARK: Training

    private func startTraining(learningRateScale: Double = 1) -> AppAction {
        guard let dataset else { return .failed("there is no data set to train on") }
        do {
            let trainer = try session.makeTrainer(dataset)
            // What was computed, or is being computed, is of the model before.
            dropWork()
            savesAtEnd = nil
            (lastCodes, lastTrainingCodes, encodedAt) = (nil, nil, nil)
            self.trainer = trainer
            (epochs, changes) = ([], [])
            lastState = .starting
            past = Past()
            trainer.control.set(learningRateScale: learningRateScale)
            trainer.start(givingWay: true, asksWhenDiverged: true)
            let objective = trainer.configuration.objective
            return .trainingStarted(
                TrainState.Run(
                    name: session.name, dataset: dataset.name, images: dataset.train.count,
                    beta: trainer.configuration.beta, freeBits: objective.bound == .elbo ? objective.freeBits : nil,
                    isDeterministic: trainer.network.configuration.isDeterministic,
                    learningRateScale: learningRateScale))
        } catch {
            return .failed("\(error)")
        }
    }

    private func control(_ control: Effect.Control) {
        guard let own = trainer?.control else { return }
        switch control {
        case .pause: own.pause()
        case .resume: own.resume()
        case .step: own.step()
        case .stop: own.stop()
        case .learningRateScale(let scale): own.set(learningRateScale: scale)
        case .beta(let beta): own.set(beta: beta)
        case .freeBits(let freeBits): own.set(freeBits: freeBits)
        case .rollBack: own.rollBack()
        }
    }

    /// Saves the model on show on another thread; of a run that was told to end, once it has.
    private func save(in place: SavedRun.Place) {
        if let trainer, trainer.control.isStopped, !lastState.isOver {
            savesAtEnd = place
            return
        }
        savesAtEnd = nil
        let run = savedRun(place)
        later(for: show, on: saving) { [session] in Self.save(run, session) }
    }

    private static func save(_ run: SavedRun, _ session: Session) -> AppAction {
        do {
            return .saved(path: try session.save(run), step: run.snapshot.step)
        } catch {
            return .saveFailed("\(error)")
        }
    }

    /// The model on show: of a past step when that is on show, else of the newest one.
    private func savedRun(_ place: SavedRun.Place) -> SavedRun {
        let snapshot = past.shown.flatMap { past.snapshot(at: $0) } ?? past.newest ?? inference.snapshot
        var run = SavedRun(
            snapshot: snapshot, epochs: epochs.filter { $0.step <= snapshot.step },
            changes: changes.filter { $0.step < snapshot.step }, dataset: dataset?.name ?? "unknown")
        run.place = place
        return run
    }

    /// A signal is obeyed within a second.
    private static let longestWait = 0.7

    /// Waits for the step under way to end, which takes milliseconds. One that takes longer is left: then the newest
    /// parameters that were told of are saved.
    private func waitForEnd(_ trainer: Trainer) {
        let limit = ContinuousClock.now + .seconds(Self.longestWait)
        repeat {
            let mail = trainer.mailbox.wait(seconds: 0.1)
            _ = adopt(mail)
            if mail.state.isOver { return }
        } while ContinuousClock.now < limit
    }

    /// Ends a run that is under way and saves what it has learnt, when the program is told to end: in a run folder, or
    /// where that cannot be written, in the folder for temporary files.
    /// - Returns: what to say of it; nil when there is nothing to save.
    func saveInterrupted() -> String? {
        guard let trainer else { return nil }
        trainer.control.stop()
        waitForEnd(trainer)
        past.shown = nil
        switch Self.save(savedRun(.runs), session) {
        case .saved(let path, _): return "saved \(path)"
        case .saveFailed(let reason):
            switch Self.save(savedRun(.temporary), session) {
            case .saved(let path, _): return "\(reason); saved \(path)"
            case .saveFailed(let second): return "NOT SAVED: \(reason); \(second)"
            default: return reason
            }
        default: return nil
        }
    }
}
