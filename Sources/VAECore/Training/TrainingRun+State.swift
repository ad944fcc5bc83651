// The state of a run between two steps: taken for a checkpoint, and restored from one.

extension TrainingRun {
    /// Before a step: keeps what the record asks for.
    func keepIfDue() {
        noteSettings()
        guard let record = trainer.record else { return }
        if record.wantsSnapshot(step: progress.step), let current = snapshot() { record.keep(current) }
        if record.wantsState { keepState() }
    }

    /// Gives the record the state to make a checkpoint of. The trainer only copies; the record writes.
    func keepState() {
        guard let record = trainer.record, let state = state() else { return }
        record.keep(state)
    }

    /// Tells the record of a pause, once.
    func recordPause(_ hasBegun: Bool) {
        guard hasBegun != isPauseRecorded else { return }
        isPauseRecorded = hasBegun
        trainer.record?.pause(hasBegun, step: progress.step)
    }

    /// A copy of everything that the rest of the run depends on; nil if a parameter is not finite.
    /// - Precondition: no step is running.
    func state() -> RunState? {
        guard let parameters = snapshot() else { return nil }
        var numbers = RunState.Numbers(step: progress.step, epoch: progress.epoch)
        numbers.place = place
        numbers.settings = settings
        numbers.optimizerStep = step.optimizer.step
        (numbers.lastGoodStep, numbers.lastGoodEpoch) = (lastGood.step, lastGood.epoch)
        numbers.repeatedStep = repeatedStep
        numbers.divergenceScale = watch.scale
        numbers.report = lastReport
        return RunState(
            numbers: numbers, parameters: parameters,
            averages: step.optimizer.averages.map { ($0.name, $0.values.array) }, lastGood: lastGood)
    }

    /// Continues from `state`; before the first step.
    /// - Precondition: the state is of this network and optimiser (`Trainer.require`).
    func restore(_ state: RunState) {
        let numbers = state.numbers
        parameters.pointer.update(from: state.parameters.pointer, count: parameters.count)
        for (kept, saved) in zip(step.optimizer.averages, state.averages) { kept.values.assign(saved.values) }
        step.optimizer.step = numbers.optimizerStep
        (progress.step, progress.epoch) = (numbers.step, numbers.epoch)
        place = numbers.place
        settings = numbers.settings
        trainer.control.begin(with: numbers.settings)
        lastGood = state.lastGood
        repeatedStep = numbers.repeatedStep
        watch.scale = numbers.divergenceScale
        lastReport = numbers.report
    }
}

extension Trainer {
    /// Checks that a state is of this network, optimiser and data.
    /// - Throws: `CoreError(.model)`.
    func require(_ state: RunState) throws(CoreError) {
        func refuse(_ what: String, _ expected: String, _ found: String) -> CoreError {
            CoreError(.model, "the checkpoint does not fit the run: \(what)", at: "checkpoint", expected: expected, found: found)
        }
        let count = network.parameterCount
        let names = configuration.optimizer.make(count: 0).averages.map(\.name)
        guard state.parameters.network.parameterCount == count, state.lastGood.network.parameterCount == count else {
            throw refuse("parameters", "\(count)", "\(state.parameters.network.parameterCount)")
        }
        guard state.averages.map(\.name) == names, state.averages.allSatisfy({ $0.values.count == count }) else {
            throw refuse("optimiser", names.joined(separator: ", "), state.averages.map(\.name).joined(separator: ", "))
        }
        let numbers = state.numbers
        let images = numbers.place.images
        // A place between two batches, at a step that is at or after all that came before it.
        guard numbers.epoch >= 0, (0...dataset.train.count).contains(images),
            images % configuration.batchSize == 0 || images == dataset.train.count,
            numbers.step >= numbers.epoch * stepsPerEpoch, numbers.optimizerStep >= 0
        else {
            throw refuse("place", "a step between two batches", "step \(numbers.step), epoch \(numbers.epoch), image \(images)")
        }
    }
}
