import Foundation
import Synchronization
import Testing
import VAECore

@Suite struct NumericsTests {
    @Test(arguments: [(1, 1, 1), (3, 5, 7), (64, 40, 400), (33, 17, 129)])
    func blasAgreesWithPlainLoops(_ m: Int, _ n: Int, _ k: Int) throws {
        try BLAS.prepare()
        let a = uniforms(m * k, seed: 1).map { $0 - 0.5 }
        let b = uniforms(k * n, seed: 2).map { $0 - 0.5 }
        for ta in [BLAS.Transpose.no, .yes] {
            for tb in [BLAS.Transpose.no, .yes] {
                var c = [Float](repeating: .nan, count: m * n)
                BLAS.gemm(
                    ta, tb, m: m, n: n, k: k, a, lda: ta == .no ? k : m, b, ldb: tb == .no ? n : k, &c, ldc: n)
                #expect(relativeError(c, Reference.gemm(ta, tb, m: m, n: n, k: k, a, b)) < 1e-5)
            }
        }
    }

    /// The code of every generation that this processor can run, at sizes with every remainder.
    @Test(arguments: [(1, 1, 1), (3, 5, 7), (64, 40, 400), (13, 50, 129), (8, 96, 3), (33, 113, 20), (7, 47, 64)])
    func productsAgreeWithPlainLoops(_ m: Int, _ n: Int, _ k: Int) {
        let (a, across, b) = (FloatBuffer(count: m * k), FloatBuffer(count: m * k), FloatBuffer(count: k * n))
        a.assign(uniforms(m * k, seed: 1).map { $0 - 0.5 })
        b.assign(uniforms(k * n, seed: 2).map { $0 - 0.5 })
        for i in 0..<m { for j in 0..<k { across[j * m + i] = a[i * k + j] } }
        let expected = Reference.gemm(.no, .no, m: m, n: n, k: k, a.array, b.array)
        for generation in 1...Products.generation {
            for (factor, layout) in [(a, Products.Rows.along(stride: k)), (across, .across(stride: m))] {
                let c = FloatBuffer(count: m * n + 64)
                c.assign([Float](repeating: .nan, count: c.count))
                Products.multiply(
                    rows: m, columns: n, depth: k, factor.pointer, layout, b.pointer, bStride: n, c.pointer,
                    cStride: n, generation: generation)
                #expect(relativeError(Array(c.array[..<(m * n)]), expected) < 1e-5, "generation \(generation)")
                let past = c.array[(m * n)...].allSatisfy { $0.isNaN }
                #expect(past, "written past the end")
            }
        }
    }

    /// Leaving out steps of k at which a group of rows of A is zero changes nothing.
    @Test(arguments: [(1, 1, 1), (8, 16, 5), (13, 50, 129), (33, 17, 20), (784, 16, 12)])
    func productsOfChosenStepsAgreeWithPlainLoops(_ m: Int, _ n: Int, _ k: Int) {
        for generation in 1...Products.generation {
            let together = Products.rowsTogether(generation: generation)
            let (a, b) = (FloatBuffer(count: k * m), FloatBuffer(count: k * n))
            b.assign(uniforms(k * n, seed: 2).map { $0 - 0.5 })
            let drawn = uniforms(k * m, seed: 1)
            var (chosen, starts): ([UInt16], [UInt32]) = ([], [0])
            for first in stride(from: 0, to: m, by: together) {
                for j in 0..<k where (j + first / together) % 3 != 0 {
                    for i in first..<min(m, first + together) { a[j * m + i] = drawn[j * m + i] - 0.5 }
                    chosen.append(UInt16(j))
                }
                starts.append(UInt32(chosen.count))
            }
            let expected = Reference.gemm(.yes, .no, m: m, n: n, k: k, a.array, b.array)
            let c = FloatBuffer(count: m * n + 64)
            c.assign([Float](repeating: .nan, count: c.count))
            Products.multiply(
                rows: m, columns: n, a.pointer, aStride: m, chosen: chosen + [0], starts: starts, b.pointer, bStride: n,
                c.pointer, cStride: n, generation: generation)
            #expect(relativeError(Array(c.array[..<(m * n)]), expected) < 1e-5, "generation \(generation)")
            let past = c.array[(m * n)...].allSatisfy { $0.isNaN }
            #expect(past, "written past the end")
        }
    }

    /// Sparse rows of A, each with its own list of steps, for every width; also with empty lists.
    @Test(arguments: 1...Products.generation, [(1, 1, 3), (5, 33, 57), (66, 209, 113), (64, 400, 784), (130, 431, 60)])
    func rowsOfTheirOwnStepsAgreeWithPlainLoops(_ generation: Int32, _ size: (m: Int, n: Int, k: Int)) throws {
        let (m, n, k) = size
        let panel = (k + 1) * 16
        let (a, start) = (FloatBuffer(count: m * k), FloatBuffer(count: n))
        let (b, panels) = (normals(k * n, seed: 2), FloatBuffer(count: (n + 15) / 16 * panel))
        for i in 0..<k { for j in 0..<n { panels[j / 16 * panel + i * 16 + j % 16] = b[i * n + j] } }
        start.assign(normals(n, seed: 3))
        let drawn = normals(m * k, seed: 1)
        var (steps, starts): ([UInt16], [UInt32]) = ([], [])
        for row in 0..<m {
            starts.append(UInt32(steps.count))
            for i in 0..<k where row % 7 != 3 && (i * 31 + row * 17) % 5 == 0 {
                a[row * k + i] = drawn[row * k + i]
                steps.append(UInt16(i))
            }
            steps.append(.max)
        }
        let expected = Reference.gemm(.no, .no, m: m, n: n, k: k, a.array, b).enumerated().map { $1 + start[$0 % n] }
        let c = FloatBuffer(count: m * n + 64)
        c.assign([Float](repeating: .nan, count: c.count))
        Products.sumOwnSteps(
            rows: m, columns: n, depth: k, a.pointer, aStride: k, steps: steps, starts: starts, panels.pointer,
            bPanel: panel, start: start.pointer, c.pointer, cStride: n, generation: generation)
        #expect(relativeError(Array(c.array[..<(m * n)]), expected) < 1e-5)
        #expect(c.array[(m * n)...].allSatisfy { $0.isNaN }, "written past the end")
    }

    /// Layers with every remainder of rows, outputs and inputs; few rows take another path than many.
    @Test(arguments: [1, 7, 8, 16, 47, 49, 64, 100])
    func layersAgreeWithPlainLoops(_ rows: Int) throws {
        for (inputs, outputs) in [(1, 1), (5, 40), (20, 15), (50, 33), (129, 17)] {
            let network = try Network(
                .perceptron(image: ImageShape(height: 1, width: inputs), hidden: [outputs], latent: 1))
            let layer = network.encoder[0]
            let parameters = FloatBuffer(count: network.parameterCount)
            parameters.assign(normals(network.parameterCount, seed: 1))
            let (x, y) = (FloatBuffer(count: rows * inputs), FloatBuffer(count: rows * outputs + 32))
            let scratch = FloatBuffer(count: layer.scratchCount(rows: rows))
            x.assign(normals(rows * inputs, seed: 2))
            y.assign([Float](repeating: -1, count: y.count))
            layer.forward(parameters.pointer, rows: rows, x.pointer, y.pointer, scratch: scratch.pointer)
            let weight = try #require(network.layout["fc1.weight"]), bias = try #require(network.layout["fc1.bias"])
            let product = Reference.gemm(
                .no, .yes, m: rows, n: outputs, k: inputs, x.array, weight.range.map { parameters[$0] })
            let expected = product.enumerated().map { max(0, $1 + parameters[bias.offset + $0 % outputs]) }
            #expect(relativeError(Array(y.array[..<(rows * outputs)]), expected) < 1e-5)
            #expect(Array(y.array[(rows * outputs)...]) == [Float](repeating: -1, count: 32), "written past the end")
        }
    }

    /// Every lane of the vector functions, compared with the C library in double precision.
    @Test func vectorFunctionsAgreeWithTheLibrary() {
        var worst: [String: Double] = [:]
        for i in 0..<20_000 {
            let x = Float(i - 10_000) * 0.008
            let v = Vector(repeating: x)
            let d = Double(x)
            let (softplus, sigmoid) = VectorMath.softplusAndSigmoid(v)
            let exactSoftplus = max(d, 0) + Foundation.log1p(Foundation.exp(-abs(d)))
            let pairs = [
                ("exp", Double(VectorMath.exp(v)[3]), Foundation.exp(d)),
                ("expm1", Double(VectorMath.expm1(v)[2]), Foundation.expm1(d)),
                ("softplus", Double(softplus[7]), exactSoftplus),
                ("sigmoid", Double(sigmoid[15]), 1 / (1 + Foundation.exp(-d))),
                ("tanh", Double(VectorMath.tanh(v)[0]), Foundation.tanh(d)),
                // The error of a distribution function counts against 1, not against its tail.
                ("Φ", 1 + Double(VectorMath.normalDistribution(v)[5]), 1 + 0.5 * Foundation.erfc(-d / 2.0.squareRoot())),
            ]
            for (name, ours, exact) in pairs where exact.magnitude > 1e-30 {
                worst[name] = max(worst[name] ?? 0, abs(ours - exact) / exact.magnitude)
            }
        }
        for i in 1..<20_000 {
            let x = Float(i) * 0.01
            let error = Double(VectorMath.log(Vector(repeating: x))[5]) - Foundation.log(Double(x))
            worst["log"] = max(worst["log"] ?? 0, abs(error) / max(1, abs(Foundation.log(Double(x)))))
        }
        for (name, error) in worst { #expect(error < 5e-7, "\(name): \(error)") }
    }

    @Test func vectorFunctionsStayFiniteAtTheEnds() {
        for x in [-Float.greatestFiniteMagnitude, -1e4, -88, 88, 1e4, .greatestFiniteMagnitude] {
            let v = Vector(repeating: x)
            let (softplus, sigmoid) = VectorMath.softplusAndSigmoid(v)
            for value in [VectorMath.exp(v)[0], softplus[0], sigmoid[0], VectorMath.tanh(v)[0]] {
                #expect(value.isFinite, "at \(x)")
            }
        }
    }

    /// The known-answer vectors published with the generator (Random123, kat_vectors).
    @Test func philoxKnownAnswers() {
        #expect(
            Philox.words(counter: SIMD4(), key: SIMD2())
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let ones = UInt32.max
        #expect(
            Philox.words(counter: SIMD4(repeating: ones), key: SIMD2(repeating: ones))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    }

    @Test func normalDrawsHaveTheirMoments() {
        let n = 200_000
        let draws = normals(n, seed: 3).map(Double.init)
        let mean = draws.reduce(0, +) / Double(n)
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
        let fourth = draws.reduce(0) { $0 + pow($1 - mean, 4) } / Double(n)
        #expect(abs(mean) < 0.01)
        #expect(abs(variance - 1) < 0.02)
        #expect(abs(fourth - 3) < 0.1)
    }

    @Test func ordersArePermutationsThatDifferByEpoch() {
        let first = epochOrder(count: 1000, seed: 1, epoch: 0)
        #expect(first.sorted() == Array(0..<1000))
        #expect(first != Array(0..<1000))
        #expect(first != epochOrder(count: 1000, seed: 1, epoch: 1))
        #expect(first != epochOrder(count: 1000, seed: 2, epoch: 0))
        #expect(first == epochOrder(count: 1000, seed: 1, epoch: 0))
    }

    @Test func oneCycleRisesAndFalls() {
        let factors = (0..<100).map { Schedule.oneCycle.factor(step: $0, total: 100) }
        #expect(abs(factors[0] - 0.04) < 1e-9)
        #expect(abs(factors[29] - 1) < 1e-9)
        #expect(factors[99] < 1e-5)
        #expect(zip(factors[..<29], factors[1...29]).allSatisfy { $0 < $1 })
        #expect(zip(factors[29...98], factors[30...]).allSatisfy { $0 > $1 })
    }
}

/// Workers, when the system starts fewer threads than were asked for.
@Suite struct WorkersTests {
    @Test(arguments: [0, 1, 2]) func threadsThatCannotStartAreDoneWithout(given: Int) {
        var left = given
        let workers = Workers(count: 4) { body in
            guard left > 0 else { return false }
            left -= 1
            Thread(block: body).start()
            return true
        }
        defer { workers.stop() }
        let done = (0..<100).map { _ in Counter() }
        for _ in 0..<3 { workers.run(chunks: 100) { chunk, _ in done[chunk].add() } }
        #expect(done.allSatisfy { $0.count == 3 })
    }

    private final class Counter: Sendable {
        private let value = Atomic(0)
        func add() { value.wrappingAdd(1, ordering: .relaxed) }
        var count: Int { value.load(ordering: .relaxed) }
    }
}
