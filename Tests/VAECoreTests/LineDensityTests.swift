import Foundation
import Testing
import VAECore

/// The density of codes along a line.
@Suite struct LineDensityTests {
    private let plane = Plane(center: [0], across: 0, up: 0, reach: 5, columns: 1, rows: 1)

    /// Each class adds its share, and together they are a density.
    @Test func sharesOfClasses() {
        let codes = LatentCodes(
            mean: [-2, -2, -2, 2], deviation: [0.5, 0.5, 0.5, 0.25], latent: 1, labels: [4, 4, 4, 7], step: 3)
        let line = LineDensity(codes, over: plane, columns: 200)
        #expect(line.labels == [4, 7] && line.step == 3)
        let width: Float = 10 / 200
        #expect(abs(line.density[0].reduce(0, +) * width - 0.75) < 1e-3)
        #expect(abs(line.density[1].reduce(0, +) * width - 0.25) < 1e-3)
        #expect(abs(line.total.reduce(0, +) * width - 1) < 1e-3 && abs(line.prior.reduce(0, +) * width - 1) < 1e-3)
        #expect(line.density[0].firstIndex(of: line.density[0].max() ?? 0).map { abs($0 - 60) <= 1 } == true)
        // N(0, 1) at 0.
        #expect(abs((line.prior.max() ?? 0) - 0.3989) < 1e-3)
    }

    @Test func withoutClasses() {
        let codes = LatentCodes(mean: [1, 2], deviation: [0, 0], latent: 1, labels: nil, step: 0)
        let prior = AggregatePosterior.Prior(mean: [2], deviation: [0.5])
        let line = LineDensity(codes, over: plane, columns: 100, prior: prior)
        #expect(line.labels == [nil] && line.density[0].allSatisfy { $0.isFinite })
        #expect(line.prior.firstIndex(of: line.prior.max() ?? 0).map { abs($0 - 70) <= 1 } == true)
    }
}
