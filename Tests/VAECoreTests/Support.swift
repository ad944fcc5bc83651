import Foundation
import VAECore

/// The repository's root folder.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// A reference dump in Tests/Fixtures.
func fixture(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile.read(path: "\(repository)/Tests/Fixtures/\(name).safetensors")
}

/// The largest difference of `ours` from `reference`, relative to the largest magnitude in `reference`.
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
