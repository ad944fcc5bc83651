import Drawing
import Synchronization
import VAECore

/// Does what `update` asks for: jobs, and the run that is under way. It holds no model: a job brings its own.
package final class EffectRunner {
    private let jobs: JobRunner
    private let wake: @Sendable () -> Void
    private var run: (any RunSource)?
    private var lastState = TrainingState.starting
    /// Of the run under way: one that was replaced raises its own, which nobody looks at.
    private var mail = MailFlag()

    /// Up when a run has told something since it was last asked.
    private final class MailFlag: Sendable { let isUp = Atomic(false) }

    package init(_ executor: any JobExecutor = ThreadedJobs(), wake: @escaping @Sendable () -> Void) {
        self.wake = wake
        jobs = JobRunner(executor, wake: wake)
    }

    /// Whether `collectMail` has something to give.
    var isMailWaiting: Bool { mail.isUp.load(ordering: .acquiring) }

    // MARK: What came in

    /// The answers of other threads since the last call.
    package func collectAnswers() -> [AppAction] { jobs.collect() }

    /// What the run has told since the last call.
    func collectMail() -> AppAction? {
        guard let run, self.mail.isUp.exchange(false, ordering: .acquiringAndReleasing) else { return nil }
        let mail = run.take()
        lastState = mail.state
        return .mail(mail)
    }

    // MARK: Effects

    /// Does effects; of jobs for a frame that are of one kind, only the last.
    /// - Returns: their answers, as far as they come at once.
    package func perform(_ effects: [Effect], _ state: AppState) -> [AppAction] {
        jobs.keep(Set([state.shown.id, state.beside?.id].compactMap { $0 }))
        var seen = Set<JobKey>()
        let needed = effects.reversed().filter { effect in
            guard case .job(let job) = effect, job.policy == .frame else { return true }
            return seen.insert(job.key).inserted
        }
        return needed.reversed().compactMap { perform($0, state) }
    }

    private func perform(_ effect: Effect, _ state: AppState) -> AppAction? {
        switch effect {
        case .job(let job): return jobs.perform(job)
        case .startTraining(let scale): return startTraining(scale, state)
        case .startLesson(let pace): return startTraining(1, state, lessonAt: pace)
        case .follow: follow(state)
        case .control(let command): run?.obey(command)
        case .requestSnapshot: run?.requestSnapshot()
        case .redraw, .quit: break  // the event loop's own
        }
        return nil
    }

    private func follow(_ state: AppState) {
        guard let following = state.shown.session.following else { return }
        run?.obey(.stop)
        let flag = MailFlag()
        (mail, lastState) = (flag, .starting)
        run = following.start { [wake] in
            flag.isUp.store(true, ordering: .releasing)
            wake()
        }
    }

    private func startTraining(
        _ learningRateScale: Double, _ state: AppState, lessonAt pace: Double? = nil
    ) -> AppAction {
        run?.obey(.stop)
        guard let dataset = state.data.dataset else { return .failed("there is no data set to train on") }
        do {
            let flag = MailFlag()
            let session = state.shown.session
            let make = pace == nil ? session.makeTrainer : session.makeLesson
            let trainer = try make(dataset) { [wake] in
                flag.isUp.store(true, ordering: .releasing)
                wake()
            }
            mail = flag
            run = trainer
            lastState = .starting
            // A run that is continued keeps the settings it had.
            let past = trainer.settings
            if learningRateScale != 1 { trainer.obey(.learningRateScale(learningRateScale)) }
            if let pace { trainer.obey(.pace(pace)) }
            trainer.start(givingWay: true, asksWhenDiverged: true)
            let objective = trainer.configuration.objective
            let network = trainer.network.configuration
            var run = TrainState.Run(
                name: state.shown.session.name, dataset: dataset.name, images: dataset.train.count,
                beta: past.beta ?? trainer.configuration.beta,
                freeBits: objective.bound == .elbo ? past.freeBits ?? objective.freeBits : nil,
                isDeterministic: network.isDeterministic,
                learningRateScale: learningRateScale == 1 ? past.learningRateScale : learningRateScale)
            run.settings = RunSettings(dataset: dataset.name, model: network, training: trainer.configuration)
            run.continuedFrom = trainer.resumedAt
            return .trainingStarted(run)
        } catch {
            return .failed("\(error)")
        }
    }

    // MARK: The end

    /// A signal is obeyed within a second.
    private static let longestWait = 0.7

    /// Ends the run and waits for the step under way, which takes milliseconds. One that takes longer is left: then the
    /// newest parameters that the run sent are all there is.
    func stopRun(_ tell: (AppAction) -> Void) {
        guard let run else { return }
        run.obey(.stop)
        let limit = ContinuousClock.now + .seconds(Self.longestWait)
        while !lastState.isOver, ContinuousClock.now < limit {
            let mail = run.wait(seconds: 0.1)
            lastState = mail.state
            tell(.mail(mail))
        }
    }

    /// Waits for files that are being written, not for ever.
    func finishFiles() { jobs.finish(.files, seconds: Self.longestWait) }
}
