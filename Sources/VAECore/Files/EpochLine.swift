/// An epoch as a line of `metrics.jsonl` and of the program's JSON output. Losses are in nats per image.
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
