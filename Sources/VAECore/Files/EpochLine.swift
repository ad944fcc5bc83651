/// What a run tells of an epoch: a line of `metrics.jsonl`, and of the program's JSON output. Losses in nats per image.
package struct EpochLine: Encodable, Sendable {
    private var event = "epoch"
    private var epoch, step: Int
    private var seconds, images_per_second: Double
    private var train, test: LossTerms
    private var active_units: Int

    /// The figures of a report, under the names of the file format.
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
