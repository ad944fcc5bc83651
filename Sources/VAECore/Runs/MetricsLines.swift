// The lines of `metrics.jsonl`; an epoch's is also part of the program's JSON output.

/// A step as a line. Losses are means over the images of the step, in nats per image.
package struct StepLine: Encodable, Sendable {
    private var event = "step"
    private var step: Int
    private var train: LossTerms
    private var learning_rate, beta, free_bits: Double

    /// The line for one step.
    package init(_ metrics: StepMetrics) {
        step = metrics.step
        train = metrics.terms
        learning_rate = metrics.learningRate
        beta = metrics.beta
        free_bits = metrics.freeBits
    }
}

/// An epoch as a line. Losses are in nats per image.
package struct EpochLine: Encodable, Sendable {
    private var event = "epoch"
    private var epoch, step: Int
    private var seconds, images_per_second: Double
    private var train, test: LossTerms
    private var active_units: Int

    /// The line for one report.
    package init(_ report: EpochReport) {
        epoch = report.epoch
        step = report.step
        seconds = report.seconds
        images_per_second = report.imagesPerSecond
        train = report.train
        test = report.test.terms
        active_units = report.test.activeUnits
    }
}

/// A change made to a run while it trained, as a line.
package struct ChangeLine: Encodable, Sendable {
    private var change: TrainingChange

    /// The line for one change.
    package init(_ change: TrainingChange) { self.change = change }

    private enum Key: String, CodingKey { case event }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode("change", forKey: .event)
        try change.encode(to: encoder)
    }
}

/// Something that happened to the run after `step` steps: a pause, its end, or an error that ended it.
struct EventLine: Encodable, Sendable {
    var event: String
    var step: Int
    var message: String?
}

/// A line with the time at which it was reported, in seconds since 1970.
struct TimedLine: Encodable, Sendable {
    var line: any Encodable & Sendable
    var time: Double

    private enum Key: String, CodingKey { case time }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode((time * 1000).rounded() / 1000, forKey: .time)
        try line.encode(to: encoder)
    }
}
