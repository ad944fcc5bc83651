/// The TensorBoard events of a run, under `train/` and `test/` of its folder: the same figures as in `metrics.jsonl`, and
/// pictures. TensorBoard shows them as two runs, with the curves of one quantity in one chart.
package final class RunEvents {
    /// Held-out images to show beside their reconstructions.
    package struct Samples: Sendable {
        /// (n, pixels), as the model sees them.
        var images: [Float]
        /// The class of each, for a conditional model.
        var labels: [Int]?
    }

    /// Figures to write.
    enum Figures: Sendable {
        case step(StepMetrics)
        case epoch(EpochReport)
    }

    private let train, test: EventLog
    private let samples: Samples?
    private let start: Int
    private var inference: Inference?
    /// Pictures on each side of the plane.
    private static let planeSize = 10

    /// - Parameter start: the first step that is written anew, for a run that is continued.
    init(folder: String, samples: Samples?, from start: Int?) {
        train = EventLog(folder: FileSystem.join(folder, "train"), from: start)
        test = EventLog(folder: FileSystem.join(folder, "test"), from: start)
        self.samples = samples
        self.start = start ?? 0
    }

    /// Removes what an earlier run left in a folder that is used again.
    static func remove(in folder: String) {
        for part in ["train", "test"] { EventLog.removeOwn(in: FileSystem.join(folder, part)) }
    }

    /// Tries once more to write what is pending.
    func finish() throws(CoreError) {
        try train.finish()
        try test.finish()
    }

    // MARK: Figures

    func write(_ figures: Figures, time: Double) throws(CoreError) {
        switch figures {
        case .step(let step):
            let settings = [
                number("settings/learning_rate", step.learningRate), number("settings/beta", step.beta),
                number("settings/free_bits", step.freeBits),
            ]
            try train.write(losses(step.terms) + settings, step: step.step, time: time)
        case .epoch(let epoch):
            try train.write([number("images_per_second", epoch.imagesPerSecond)], step: epoch.step, time: time)
            var values = losses(epoch.test.terms)
            if epoch.test.isDeterministic != true {
                values.append(number("active_units", Double(epoch.test.activeUnits)))
                values.append(EventValue("kl_per_dimension", .histogram(epoch.test.klPerDimension)))
            }
            try test.write(values, step: epoch.step, time: time)
        }
    }

    private func losses(_ terms: LossTerms) -> [EventValue] {
        [
            number("loss/negative_elbo", terms.negativeELBO), number("loss/reconstruction", terms.reconstruction),
            number("loss/kl", terms.kl),
        ]
    }

    private func number(_ tag: String, _ value: Double) -> EventValue { EventValue(tag, .number(value)) }

    // MARK: Pictures

    /// The plane, and held-out images above their reconstructions, as they are with these parameters.
    func write(_ snapshot: ParameterSnapshot, time: Double) throws(CoreError) {
        let shape = snapshot.network.configuration.image
        // A run that is continued gives the parameters of its checkpoint once more.
        guard shape.isDrawable, snapshot.step >= start else { return }
        let inference = Inference(snapshot, reusing: inference)
        self.inference = inference
        let latent = snapshot.network.latent
        let manifold = Manifold(center: .init(repeating: 0, count: latent), across: 0, up: latent == 1 ? 0 : 1)
        // A z of one dimension has one row.
        let points = manifold.points(size: Self.planeSize, spacing: .quantile)
            .prefix(latent == 1 ? Self.planeSize : Self.planeSize * Self.planeSize * latent)
        let plane = PictureSheet(inference.decode(Array(points)), of: shape, columns: Self.planeSize)
        var values = [try picture("pictures/plane", plane)]
        if let samples, samples.images.count % shape.count == 0, !samples.images.isEmpty {
            let made = inference.reconstruct(samples.images, labels: samples.labels).flatMap(\.picture)
            let sheet = PictureSheet(samples.images + made, of: shape, columns: samples.images.count / shape.count)
            values.append(try picture("pictures/reconstructions", sheet))
        }
        try test.write(values, step: snapshot.step, time: time)
    }

    private func picture(_ tag: String, _ sheet: PictureSheet) throws(CoreError) -> EventValue {
        EventValue(tag, .picture(try PNG.encode(sheet.bytes, shape: sheet.shape), sheet.shape))
    }
}

extension RunEvents.Samples {
    /// The first held-out images of a data set.
    /// - Parameter count: of them; fewer if there are fewer.
    package init(_ dataset: Dataset, _ training: TrainingConfiguration, count: Int = 12) {
        let range = 0..<min(count, dataset.test.count)
        images = dataset.test.inputs(range, binarization: training.binarization, seed: training.seed)
        labels = dataset.test.labels.map { $0[range].map { Int($0) } }
    }
}
