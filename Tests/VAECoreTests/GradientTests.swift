import Testing
import VAECore

/// Gradients against central differences of the loss, for shapes the reference dumps do not have.
@Suite struct GradientTests {
    static let networks: [(String, ModelConfiguration)] = [
        ("deep relu", .perceptron(image: ImageShape(height: 5, width: 5), hidden: [11, 7], latent: 2)),
        ("tanh", .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9], latent: 3, activation: .tanh)),
        ("softplus", .perceptron(image: ImageShape(height: 4, width: 4), hidden: [6, 5], latent: 1, activation: .softplus)),
        ("sigmoid", .perceptron(image: ImageShape(height: 3, width: 3), hidden: [17], latent: 4, activation: .sigmoid)),
        ("no hidden layer", .perceptron(image: ImageShape(height: 3, width: 3), hidden: [], latent: 2)),
    ]

    @Test(arguments: networks)
    func gradientIsTheSlopeOfTheLoss(_ name: String, _ configuration: ModelConfiguration) throws {
        let network = try Network(configuration)
        let parameters = FloatBuffer(count: network.parameterCount)
        Initialization.pytorch.fill(parameters, layout: network.layout, seed: 5)
        let rows = 6
        let step = TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount),
            batchSize: rows, workers: Workers(count: 1))
        let x = uniforms(rows * network.pixels, seed: 6)
        let epsilon = normals(rows * network.latent, seed: 7)
        func loss() -> Double {
            let terms = step.computeGradients(x: x, epsilon: epsilon, beta: 1.5)
            return terms.reconstruction + 1.5 * terms.kl
        }
        /// Which hidden units are off: where this changes between two points, ReLU has a kink between them.
        func pattern() -> [Bool] {
            step.inspect(rows: rows).filter { $0.key.contains("coder.") }.sorted { $0.key < $1.key }
                .flatMap { $0.value.map { $0 == 0 } }
        }
        _ = loss()
        let gradient = step.gradients.array
        let here = pattern()
        // One direction per tensor: the slope along it against the difference of two losses. A step of 1e-2 along a
        // unit vector keeps the rounding of the losses below the tolerance.
        let h: Float = 1e-2
        for view in network.layout.views {
            var checked = false
            for attempt in 0..<20 where !checked {
                var random = RandomStream(seed: 9, purpose: .other, index: view.offset, lane: attempt)
                var direction = random.normals(view.count)
                let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
                direction = direction.map { $0 / length }
                func moved(_ h: Float) -> (loss: Double, smooth: Bool) {
                    let saved = view.range.map { parameters[$0] }
                    for (i, d) in zip(view.range, direction) { parameters[i] += h * d }
                    defer { for (i, v) in zip(view.range, saved) { parameters[i] = v } }
                    return (loss(), pattern() == here)
                }
                let (up, down) = (moved(h), moved(-h))
                guard up.smooth, down.smooth else { continue }
                checked = true
                let slope = zip(view.range, direction).reduce(0.0) { $0 + Double(gradient[$1.0]) * Double($1.1) }
                let difference = (up.loss - down.loss) / Double(2 * h)
                #expect(
                    abs(difference - slope) < 2e-3 * max(1, abs(slope)),
                    "\(name), \(view.name): slope \(slope), difference \(difference)")
            }
            #expect(checked, "\(name), \(view.name): no direction without a kink")
        }
    }

    /// The same bits for any number of workers, given the same chunks, and from run to run.
    @Test func sameSeedSameBits() throws {
        let network = try Network(.perceptron(hidden: [50], latent: 4))
        let images = ImageSet(
            shape: .mnist, pixels: uniforms(300 * 784, seed: 1).map { UInt8($0 * 255) }, labels: nil)
        func train(workers: Int) -> [Float] {
            let parameters = FloatBuffer(count: network.parameterCount)
            Initialization.pytorch.fill(parameters, layout: network.layout, seed: 1)
            let pool = Workers(count: workers)
            defer { pool.stop() }
            let step = TrainingStep(
                network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount),
                batchSize: 128, workers: pool)
            for s in 0..<6 {
                let order = epochOrder(count: 300, seed: 1, epoch: s)
                _ = step.run(
                    .init(images: images, indices: order[(s % 2) * 128..<min(300, (s % 2) * 128 + 128)],
                        binarization: .grey, seed: 1, step: s, epoch: 0), beta: 1, learningRate: 1e-3)
            }
            return parameters.array
        }
        let one = train(workers: 2)
        #expect(one == train(workers: 2))
        #expect(one == train(workers: 1))
        #expect(one.allSatisfy { $0.isFinite })
    }
}
