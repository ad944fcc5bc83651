import ArgumentParser
import Foundation
import VAECore

struct Animate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Animate a run's training on its plane, or a path: as GIF, or in the terminal.",
        discussion: """
            The plane is drawn at each of the steps that the run has kept. With --path the pictures go from one held-out \
            image's code to another's, and back.

            Examples:
              latent animate runs/latest --out training.gif
              latent animate manifold --path 3,8 --out path.gif
            """)

    @Argument(help: "A run folder; with --path also a model file, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @Option(help: "Images on each side of the plane, or on the path.") var size: Int?
    @OptionGroup var plane: PlaneOptions
    @Option(name: .customLong("class"), help: "The class to draw with a conditional model; by default the first.") var label: Int?
    @Option(help: "Two held-out images by number, from 1: animate the path between their codes.") var path: ImagePair?
    @Flag(help: "With --path: go around the origin instead of straight.") var around = false
    @Option(help: "Frames per second.") var fps = 12
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(fps, "--fps", 1...50)
        let output = picture.output.animated
        try output.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        let shape = trained.snapshot.network.configuration.image
        try requireDrawable(shape, at: model)
        if let path {
            let steps = size ?? 24
            try requireCount(steps, "--size", 2...500)
            let there = try ImagePath(first: path.first, last: path.last, steps: steps, isAround: around)
                .pictures(of: trained, model, plane.data)
            let frames = (0..<steps).map { Array(there[$0 * shape.count..<($0 + 1) * shape.count]) }
            return try output.play(frames + frames.dropFirst().dropLast().reversed(), of: shape, columns: 1, framesPerSecond: fps)
        }
        let size = size ?? 10
        try requireCount(size, "--size", 1...40)
        let steps = try snapshots(trained)
        let points = try plane.manifold(of: trained).points(size: size, spacing: .quantile)
        let classes = try labels(label, of: trained, count: size * size) { _ in 0 }
        try output.play(
            steps.map { Inference($0).decode(points, labels: classes) }, of: shape, columns: size, framesPerSecond: fps)
    }

    /// The parameters at the steps that the run has kept, and at its last.
    private func snapshots(_ trained: TrainedModel) throws(CoreError) -> [ParameterSnapshot] {
        let folder = RunFolder.containing(Surroundings.modelPath(model))
        let last = trained.snapshot
        let kept = RunSnapshots.read(run: folder, of: last.network.configuration, upTo: last.step, bytes: 512 << 20)
        guard kept.count > 1 else {
            throw CoreError(
                .model, "no steps of its training are kept", at: model, expected: "a run folder with snapshots/",
                remedy: "'latent train' makes one; --path 3,8 animates a path of any model")
        }
        return kept.last?.step == last.step ? kept : kept + [last]
    }
}

/// Two numbers, as in "3,8".
struct ImagePair: ExpressibleByArgument {
    let first, last: Int

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let last = parts[1] else { return nil }
        (self.first, self.last) = (first, last)
    }
}
