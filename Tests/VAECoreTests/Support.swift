import Foundation
import Testing
import VAECore

/// The repository's root folder.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The folder of the reference dumps: `LATENT_FIXTURES`, or Tests/Fixtures.
let fixtureFolder = ProcessInfo.processInfo.environment["LATENT_FIXTURES"] ?? "\(repository)/Tests/Fixtures"

/// A reference dump.
func fixture(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile.read(path: "\(fixtureFolder)/\(name).safetensors")
}

extension SafetensorsFile {
    /// The shape of the tensor called `name`; fails the test if there is none.
    func shape(_ name: String) throws -> [Int] { try #require(self[name]?.shape, "\(name)") }
}

/// The largest difference between `ours` and `reference`, relative to the largest magnitude in `reference`.
func relativeError(_ ours: [Float], _ reference: [Float]) -> Float {
    guard ours.count == reference.count, !reference.isEmpty else { return .infinity }
    let scale = reference.map(abs).max() ?? 0
    let worst = zip(ours, reference).map { abs($0 - $1) }.max() ?? 0
    return worst.isNaN ? .infinity : worst / max(scale, .leastNormalMagnitude)
}

/// A small perceptron VAE over 12 pixels, as in the reference dumps.
func smallNetwork(activation: Activation = .relu) throws -> Network {
    try Network(
        .perceptron(
            image: ImageShape(height: 3, width: 4), hidden: [8], latent: 3, activation: activation))
}

/// Seeded floats, uniform in [0, 1) or normal.
func uniforms(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .other)
    return (0..<count).map { _ in random.uniform() }
}

func normals(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .other, index: 1)
    return random.normals(count)
}
