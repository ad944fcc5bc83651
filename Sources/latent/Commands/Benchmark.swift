import ArgumentParser
import Foundation
import VAECore

struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how fast this machine trains and decodes.",
        discussion: """
            Trains a few epochs on 60,000 images (repeating those of a smaller set), decodes points and grids, opens the
            explorer in a pseudo-terminal and presses keys, and for comparison times plain matrix products (OpenBLAS,
            one on each thread). Figures are medians.

            Example:
              latent benchmark --json
            """)

    @OptionGroup var data: DataOptions
    @Option(help: "The preset to train.") var preset = Choice<Presets>(default: "pytorch")
    @Option(help: "Epochs to time, after one warm-up epoch.") var epochs = 3
    @Option(help: "Threads; by default one per core.") var threads: Int?
    @Flag(help: "One JSON object on stdout.") var json = false

    private struct Report: Encodable {
        struct Training: Encodable {
            var preset: String
            /// The median, and the time of every epoch.
            var epoch_seconds: Double
            var epoch_seconds_each: [Double]
            var images_per_second, gflops, fraction_of_gemm: Double
        }
        var threads: Int
        var gemm_gflops: Double
        var train: Training
        struct Decoding: Encodable {
            var points: Int
            var us: Double
        }
        var decode_one_us, decode_grid_400_us: Double
        var decode: [Decoding]
        /// From the start of the explorer to its first picture, and from a key to its effect, as seen from the other end
        /// of the pseudo-terminal; nil if there is none.
        var start_to_first_frame_ms, key_to_paint_ms, key_to_paint_p99_ms: Double?
        var peak_rss_mb: Double
    }

    mutating func run() throws {
        try requireCount(epochs, "--epochs", 1...100)
        if let threads { try Workers.check(threads: threads) }
        let preset = preset.row
        let dataset = try Surroundings.loadData(data.choice)
        let workers = Workers(count: Workers.resolve(threads: threads))
        defer { workers.stop() }
        let network = try Network(preset.model)
        let gemm = Self.gemmSpeed(workers)
        let each = try epochSeconds(preset, network, dataset.train, workers)
        let seconds = median(each)
        let flops = 2 * Double(network.trainingMultiplyAdds) * 60_000
        let decoding = try Self.decodeTimes(workers)
        let (one, grid) = (decoding[0].us, decoding.first { $0.points == 400 }?.us ?? 0)
        let screen = ScreenLatency.measure(keys: 100)
        let report = Report(
            threads: workers.count, gemm_gflops: gemm,
            train: .init(
                preset: preset.name, epoch_seconds: seconds, epoch_seconds_each: each,
                images_per_second: 60_000 / seconds,
                gflops: flops / seconds / 1e9, fraction_of_gemm: flops / seconds / 1e9 / gemm),
            decode_one_us: one, decode_grid_400_us: grid, decode: decoding,
            start_to_first_frame_ms: screen?.startMilliseconds, key_to_paint_ms: screen?.keyMilliseconds.median,
            key_to_paint_p99_ms: screen?.keyMilliseconds.p99, peak_rss_mb: peakMemoryMB())
        if json { Console.json(report) } else { printTable(report, screen) }
    }

    private func printTable(_ report: Report, _ screen: ScreenLatency?) {
        let train = report.train
        Console.print("threads            \(report.threads)")
        Console.print(String(format: "matrix products    %.1f GFLOP/s", report.gemm_gflops))
        Console.print(
            String(
                format: "train %@      %.2f s an epoch of 60,000, %.0f images/s, %.1f GFLOP/s (%.0f %% of the products)",
                train.preset, train.epoch_seconds, train.images_per_second, train.gflops, train.fraction_of_gemm * 100))
        Console.print(String(format: "decode one point   %.1f µs", report.decode_one_us))
        Console.print(String(format: "decode 400 points  %.1f µs", report.decode_grid_400_us))
        if let screen {
            Console.print(String(format: "start to picture   %.0f ms", screen.startMilliseconds))
            Console.print(
                String(
                    format: "key to screen      %.1f ms, 99th percentile %.1f ms", screen.keyMilliseconds.median,
                    screen.keyMilliseconds.p99))
        }
        Console.print(String(format: "peak memory        %.0f MB", report.peak_rss_mb))
    }

    /// The seconds that each epoch of 60,000 images takes, after a warm-up epoch.
    private func epochSeconds(
        _ preset: Preset, _ network: Network, _ images: ImageSet, _ workers: Workers
    ) throws -> [Double] {
        let parameters = FloatBuffer(count: network.parameterCount)
        preset.training.initialization.fill(parameters, layout: network.layout, seed: 1)
        let batch = preset.training.batchSize
        let step = TrainingStep(
            network: network, parameters: parameters,
            optimizer: preset.training.optimizer.make(count: network.parameterCount), batchSize: batch,
            workers: workers, objective: preset.training.objective, gradientClip: preset.training.gradientClip)
        var taken = 0
        let times = (0...epochs).map { epoch -> Double in
            let order = epochOrder(count: 60_000, seed: 1, epoch: epoch).map { $0 % images.count }
            return measured {
                for start in stride(from: 0, to: order.count, by: batch) {
                    _ = step.run(
                        .init(
                            images: images, indices: order[start..<min(order.count, start + batch)],
                            binarization: preset.training.binarization, seed: 1, step: taken, epoch: epoch),
                        beta: 1, learningRate: Float(preset.training.learningRate))
                    taken += 1
                }
            }
        }
        return Array(times.dropFirst())
    }

    /// GFLOP/s of all workers together, each multiplying matrices of its own.
    private static func gemmSpeed(_ workers: Workers) -> Double {
        let n = 768
        let buffers = (0..<workers.count).map { _ in
            (FloatBuffer(count: n * n), FloatBuffer(count: n * n), FloatBuffer(count: n * n))
        }
        let times = (0..<8).map { _ in
            measured {
                workers.run(chunks: workers.count * 4) { _, worker in
                    let (a, b, c) = buffers[worker]
                    BLAS.gemm(
                        .no, .yes, m: n, n: n, k: n, a.pointer, lda: n, b.pointer, ldb: n, c.pointer, ldc: n)
                }
            }
        }
        return 2 * Double(n * n * n) * Double(workers.count * 4) / median(times) / 1e9
    }

    /// Median microseconds to decode one point and square grids with the pytorch preset's decoder.
    private static func decodeTimes(_ workers: Workers) throws -> [Report.Decoding] {
        let network = try Network(Preset.named("pytorch").model)
        let parameters = FloatBuffer(count: network.parameterCount)
        Initialization.pytorch.fill(parameters, layout: network.layout, seed: 1)
        let inference = Inference(ParameterSnapshot(network: network, values: parameters.array), workers: workers)
        var random = RandomStream(seed: 1, purpose: .other)
        func time(_ points: Int, _ repeats: Int) -> Double {
            let z = random.normals(points * network.latent)
            return median((0..<repeats).map { _ in measured { _ = inference.decode(z) } }) * 1e6
        }
        return [(1, 2000), (25, 1000), (100, 500), (400, 200), (1600, 50)].map { points, repeats in
            Report.Decoding(points: points, us: time(points, repeats))
        }
    }
}

/// Seconds that `body` takes.
func measured(_ body: () -> Void) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
