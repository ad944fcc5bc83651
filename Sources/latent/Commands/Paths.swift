import ArgumentParser
import Foundation
import VAECore

struct Traverse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw what each dimension of z does: a row for each, from one side of the prior to the other.",
        discussion: """
            All other dimensions are at the prior's mean. The rows go by the KL divergence of their dimensions, where the
            model's file tells it: what says most of an image comes first.

            Examples:
              latent traverse pytorch
              latent traverse pytorch --steps 15 --reach 4 --out dimensions.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @Option(name: [.long, .customLong("size")], help: "Pictures in a row.") var steps = 9
    @Option(help: "How far a row reaches from the mean, in standard deviations of the prior.") var reach: Float = 3
    @Option(name: .customLong("class"), help: "The class to draw with a conditional model; by default the first.") var label: Int?
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(steps, "--steps", 2...100)
        guard reach > 0, reach <= 100 else {
            throw CoreError(
                .configuration, "value out of range", at: "--reach", expected: "more than 0, at most 100", found: "\(reach)")
        }
        try picture.output.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        try requireDrawable(trained.snapshot.network.configuration.image, at: model)
        let latent = trained.snapshot.network.latent
        let order = rows(trained)
        var z = [Float](repeating: 0, count: latent * steps * latent)
        for (row, dimension) in order.enumerated() {
            for step in 0..<steps {
                z[(row * steps + step) * latent + dimension] = reach * (2 * Float(step) / Float(steps - 1) - 1)
            }
        }
        try picture.output.show(
            Inference(trained.snapshot).decode(z, labels: try labels(label, of: trained, count: latent * steps) { _ in 0 }),
            of: trained.snapshot.network.configuration.image, columns: steps)
    }
}

extension Traverse {
    /// The dimensions in the order of their rows, which is said where it is another than their own.
    private func rows(_ trained: TrainedModel) -> [Int] {
        let dimensions = Array(0..<trained.snapshot.network.latent)
        guard let kl = trained.record?.evaluation?.klPerDimension, kl.count == dimensions.count, kl.contains(where: { $0 > 0 }) else {
            return dimensions
        }
        let order = dimensions.sorted { (kl[$1], $0) < (kl[$0], $1) }
        let texts = order.map { "z\($0 + 1) \(String(format: "%.2f", kl[$0]))" }
        Console.note("rows by KL in nats: \(texts.joined(separator: ", "))")
        return order
    }
}

struct Interpolate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the pictures on the way from one held-out image's code to another's.",
        discussion: """
            Examples:
              latent interpolate manifold 3 8
              latent interpolate manifold 3 8 --steps 60 --out path.gif
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @Argument(help: "Number of the first image in the held-out set, which begins with 1.") var first: Int
    @Argument(help: "Number of the last image.") var last: Int
    @OptionGroup var options: ModelOptions
    @OptionGroup var data: DataOptions
    @Option(name: [.long, .customLong("size")], help: "Pictures, both ends included.") var steps = 10
    @Flag(help: "Go around the origin, at the distance of the ends, instead of straight.") var around = false
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(steps, "--steps", 2...1000)
        try picture.output.animated.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        let pictures = try ImagePath(first: first, last: last, steps: steps, isAround: around).pictures(of: trained, model, data)
        try picture.output.animated.show(
            pictures, of: trained.snapshot.network.configuration.image, columns: min(steps, 20))
    }
}

/// The way from one held-out image's code to another's.
struct ImagePath {
    /// Numbers of the images, from 1.
    let first, last: Int
    /// Pictures, both ends included.
    let steps: Int
    /// Whether it keeps its distance from the origin instead of going straight.
    let isAround: Bool

    /// The decoded pictures (steps, pixels). A conditional model is told the class of the first image all the way.
    /// - Throws: `CoreError` when there are no such images, or the model is not for them.
    func pictures(of trained: TrainedModel, _ name: String, _ data: DataOptions) throws -> [Float] {
        let configuration = trained.snapshot.network.configuration
        try requireDrawable(configuration.image, at: name)
        let dataset = try Surroundings.loadData(data.choice.fitting(trained), trainedOn: trained.record?.dataset)
        try requireFit(trained, dataset)
        try requireCount(first, "FIRST", 1...dataset.test.count)
        try requireCount(last, "LAST", 1...dataset.test.count)
        let inference = Inference(trained.snapshot)
        let seed = trained.record?.training.seed ?? 1
        func code(_ number: Int) -> [Float] {
            let image = dataset.test.inputs(number - 1..<number, binarization: trained.binarization, seed: seed)
            return inference.encode(image, labels: dataset.test.labels.map { [Int($0[number - 1])] }).mean
        }
        let path = (isAround ? LatentPath.spherical : .straight).points(from: code(first), to: code(last), count: steps)
        let label = configuration.classes == nil ? nil : dataset.test.labels.map { Int($0[first - 1]) }
        return inference.decode(path.flatMap { $0 }, labels: try labels(label, of: trained, count: steps) { _ in 0 })
    }
}
