import Foundation
import Testing
import VAECore

/// Optimisers, compared with numbers calculated by hand.
@Suite struct OptimizerTests {
    /// One parameter, moved by the given gradients.
    func trajectory(_ configuration: OptimizerConfiguration, start: Float, rate: Float, _ gradients: [Float]) -> [Float] {
        let optimizer = configuration.make(count: 1)
        let (parameter, gradient) = (FloatBuffer(count: 1), FloatBuffer(count: 1))
        parameter[0] = start
        return gradients.map {
            gradient[0] = $0
            optimizer.beginStep(learningRate: rate)
            optimizer.update(0..<1, parameters: parameter.pointer, gradient: gradient.pointer)
            return parameter[0]
        }
    }

    /// Gradients 1 and 0: m̂ = v̂ = 1 first, then m̂ = 0.09 / 0.19 and v̂ = 0.000999 / 0.001999.
    @Test func adam() {
        let path = trajectory(.adam(), start: 0, rate: 0.1, [1, 0])
        let second = -0.1 - 0.1 * (0.09 / 0.19) / (0.000999 / 0.001999).squareRoot()
        #expect(abs(path[0] + 0.1) < 1e-6)
        #expect(abs(Double(path[1]) - second) < 1e-6)
    }

    /// ε matters when the gradient is small: with g = ε, Adam's first step is half the learning rate.
    @Test func adamEpsilon() {
        #expect(abs(trajectory(.adam(epsilon: 1e-4), start: 0, rate: 0.1, [1e-4])[0] + 0.05) < 1e-5)
    }

    /// A decay of 0.5 at rate 0.1 keeps 95 % of 2; then Adam takes a step of 0.1.
    @Test func adamW() {
        #expect(abs(trajectory(.adamW(weightDecay: 0.5), start: 2, rate: 0.1, [3])[0] - 1.8) < 1e-6)
        // PyTorch's default decay takes off 0.1 % of 2 at rate 0.1.
        #expect(abs(trajectory(.adamW(), start: 2, rate: 0.1, [3])[0] - 1.898) < 1e-6)
    }

    /// Gradients 3 and 4: G = 9, then 25; with decay 1 the first gradient is 3 + 1.
    @Test func adagrad() {
        let path = trajectory(.adagrad(), start: 1, rate: 0.1, [3, 4])
        #expect(abs(path[0] - 0.9) < 1e-6)
        #expect(abs(path[1] - 0.82) < 1e-6)
        #expect(abs(trajectory(.adagrad(weightDecay: 1), start: 1, rate: 0.5, [3])[0] - 0.5) < 1e-6)
    }

    /// Gradients 1, 1, 0 with momentum ½: v = 1, 1.5, 0.75.
    @Test func sgd() {
        let path = trajectory(.sgd(momentum: 0.5), start: 0, rate: 0.1, [1, 1, 0])
        for (ours, hand) in zip(path, [-0.1, -0.25, -0.325] as [Float]) { #expect(abs(ours - hand) < 1e-6) }
        #expect(abs(trajectory(.sgd(weightDecay: 0.5), start: 2, rate: 0.1, [1])[0] - 1.8) < 1e-6)
    }

    /// Incomplete vectors of every length give the same results as whole ones.
    @Test(arguments: OptimizerConfiguration.names)
    func rangesCoverEveryParameter(_ kind: String) throws {
        let configuration = try #require(OptimizerConfiguration(named: kind))
        let start = normals(53, seed: 1)
        let gradient = FloatBuffer(count: 53)
        gradient.assign(normals(53, seed: 2))
        func moved(_ ranges: [Range<Int>]) -> [Float] {
            let optimizer = configuration.make(count: 53)
            let parameters = FloatBuffer(count: 53)
            parameters.assign(start)
            for _ in 0..<3 {
                optimizer.beginStep(learningRate: 0.1)
                for range in ranges {
                    optimizer.update(
                        range, parameters: parameters.pointer, gradient: gradient.pointer + range.lowerBound)
                }
            }
            return parameters.array
        }
        #expect(moved([0..<53]) == moved([0..<1, 1..<18, 18..<50, 50..<53]))
        #expect(zip(moved([0..<53]), start).allSatisfy { $0 != $1 })
    }

    /// A gradient clipped to norm 1 moves plain gradient descent by exactly the learning rate.
    @Test(arguments: [1, 2])
    func clippingBoundsTheStep(_ workers: Int) throws {
        let network = try Network(GradientCase.convolutional(.tanh))
        let images = ImageSet(
            shape: network.configuration.image,
            pixels: uniforms(4 * network.pixels, seed: 1).map { UInt8($0 * 255) }, labels: nil)
        func distance(clip: Double) -> (moved: Float, norm: Double) {
            let parameters = FloatBuffer(count: network.parameterCount)
            Initialization.glorot.fill(parameters, layout: network.layout, seed: 1)
            let before = parameters.array
            let step = TrainingStep(
                network: network, parameters: parameters,
                optimizer: OptimizerConfiguration.sgd(momentum: 0).make(count: network.parameterCount), batchSize: 4,
                workers: Workers(count: workers), gradientClip: clip)
            _ = step.run(
                .init(images: images, indices: [0, 1, 2, 3], binarization: .grey, seed: 1, step: 0, epoch: 0),
                beta: 1, learningRate: 0.01)
            let sum = zip(parameters.array, before).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return (sum.squareRoot(), step.gradientNorm)
        }
        let clipped = distance(clip: 1)
        #expect(clipped.norm > 1)
        #expect(abs(clipped.moved - 0.01) < 1e-4)
        let free = distance(clip: 1e9)
        #expect(abs(Double(free.moved) - 0.01 * free.norm) < 1e-4 * free.norm)
    }

    @Test func schedules() {
        let step = (0..<100).map { Schedule.step.factor(step: $0, total: 100) }
        #expect(step[59] == 1 && step[60] == 0.1 && step[84] == 0.1 && step[85] == 0.01)
        let cosine = (0..<100).map { Schedule.cosine.factor(step: $0, total: 100) }
        #expect(cosine[0] == 1 && abs(cosine[50] - 0.5) < 1e-9 && cosine[99] < 1e-3)
        // From 1/25 of the peak up to it in 30 % of the run, then down to 1/250,000.
        let cycle = (0..<100).map { Schedule.oneCycle.factor(step: $0, total: 100) }
        #expect(abs(cycle[0] - 0.04) < 1e-9 && abs(cycle[29] - 1) < 1e-9 && abs(cycle[99] - 4e-6) < 1e-9)
        #expect(cycle.max() == cycle[29] && abs(cycle[64] - 0.5) < 1e-4)
        let burda = (0..<3280).map { Schedule.burda.factor(step: $0, total: 3280) }
        for (epoch, i) in [(0, 0), (1, 1), (3, 1), (4, 2), (12, 2), (13, 3), (1092, 6), (1093, 7), (3279, 7)] {
            #expect(abs(burda[epoch] - pow(10, -Double(i) / 7)) < 1e-9, "epoch \(epoch)")
        }
    }
}
