import ArgumentParser
import Foundation
import VAECore

struct Grid: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The manifold: decoded images over the latent plane.",
        discussion: """
            Examples:
              latent grid manifold --size 12
              latent grid manifold --size 20 --out manifold.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.") var model: String
    @Option(help: "Images on a side.") var size = 10
    @Option(help: "Spacing of the points: quantile (equal prior probability) or linear.") var spacing = "quantile"
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(size, "--size", 1...100)
        try picture.check()
        guard let spacing = GridSpacing(rawValue: spacing) else {
            throw CoreError(
                .configuration, "no such choice", at: "--spacing", expected: "quantile or linear",
                found: "'\(spacing)'")
        }
        let trained = try Surroundings.loadModel(model)
        let points = LatentGrid.manifold(size: size, latent: trained.snapshot.network.latent, spacing: spacing)
        try picture.show(
            Inference(trained.snapshot).decode(points), of: trained.snapshot.network.configuration.image, columns: size)
    }
}

struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Images decoded from samples of the prior.",
        discussion: """
            Example:
              latent sample pytorch -n 64 --out samples.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.") var model: String
    @Option(name: [.customShort("n"), .long], help: "How many.") var count = 64
    @Option(help: "Seed of the samples.") var seed: UInt64 = 1
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(count, "--count", 1...10_000)
        try picture.check()
        let trained = try Surroundings.loadModel(model)
        var random = RandomStream(seed: seed, purpose: .prior)
        let z = random.normals(count * trained.snapshot.network.latent)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        try picture.show(
            Inference(trained.snapshot).decode(z), of: trained.snapshot.network.configuration.image,
            columns: columns)
    }
}

struct Reconstruct: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Held-out images above what the model makes of them.",
        discussion: """
            Example:
              latent reconstruct manifold -n 8 --out reconstructions.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.") var model: String
    @OptionGroup var data: DataOptions
    @Option(name: [.customShort("n"), .long], help: "How many.") var count = 8
    @Option(help: "The first image's place in the held-out set.") var from = 0
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(count, "--count", 1...1000)
        try picture.check()
        let trained = try Surroundings.loadModel(model)
        let dataset = try Surroundings.loadData(data.name, trainedOn: trained.record?.dataset)
        try requireFit(trained, dataset)
        try requireCount(from, "--from", 0...dataset.test.count - 1)
        let last = min(dataset.test.count, from + count)
        let images = (from..<last).flatMap { dataset.test[$0].map { Float($0) / 255 } }
        let made = Inference(trained.snapshot).reconstruct(images)
        try picture.show(
            images + made.flatMap(\.picture), of: trained.snapshot.network.configuration.image, columns: last - from)
        for (i, one) in made.enumerated() where picture.out == nil {
            Console.note(
                "image \(from + i)  reconstruction \(format(one.terms.reconstruction))  KL \(format(one.terms.kl))  "
                    + "negative ELBO \(format(one.terms.negativeELBO))")
        }
    }

    private func format(_ nats: Double) -> String { String(format: "%.2f", nats) }
}

/// Refuses a count outside `range`, naming the option.
func requireCount(_ count: Int, _ option: String, _ range: ClosedRange<Int>) throws(CoreError) {
    guard range.contains(count) else {
        throw CoreError(
            .configuration, "value out of range", at: option,
            expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(count)")
    }
}
