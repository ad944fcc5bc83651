import Foundation
import Testing
import VAECore

/// Paths, densities and codes of a latent space.
@Suite struct LatentToolsTests {
    @Test func straightAndSphericalPaths() {
        let (a, b): ([Float], [Float]) = ([2, 0, 0], [0, 2, 0])
        let straight = LatentPath.straight.points(from: a, to: b, count: 3)
        #expect(straight == [[2, 0, 0], [1, 1, 0], [0, 2, 0]])
        let arc = LatentPath.spherical.points(from: a, to: b, count: 5)
        for z in arc { #expect(abs(z.reduce(0) { $0 + $1 * $1 }.squareRoot() - 2) < 1e-5) }
        #expect(abs(arc[2][0] - 2.0.squareRoot().float) < 1e-5 && abs(arc[2][1] - 2.0.squareRoot().float) < 1e-5)
        // The distance from the origin changes evenly.
        let growing = LatentPath.spherical.point(from: [1, 0], to: [0, 3], 0.5)
        #expect(abs(hypot(growing[0], growing[1]) - 2) < 1e-5)
        // Parallel, opposite, and from the origin: a line.
        for (from, to) in [([1, 1], [2, 2]), ([1, 0], [-1, 0]), ([0, 0], [1, 2])] as [([Float], [Float])] {
            #expect(LatentPath.spherical.point(from: from, to: to, 0.25) == LatentPath.straight.point(from: from, to: to, 0.25))
        }
        #expect(LatentPath.straight.points(from: a, to: b, count: 1) == [a])
    }

    /// Codes drawn from the prior have its density; codes in one corner leave the rest empty.
    @Test func densityBesideThePrior() {
        let plane = Plane(center: [0, 0], reach: 2.25)
        let drawn = normals(8000, seed: 3)
        let prior = LatentCodes(
            mean: drawn, deviation: [Float](repeating: 0.15, count: 8000), latent: 2, labels: nil, step: 4)
        let even = AggregatePosterior(prior, over: plane, columns: 18, rows: 18)
        #expect(even.step == 4 && even.logRatio.count == 324)
        #expect(even.logRatio.map { abs($0) }.sorted()[162] < 0.3)
        let corner = LatentCodes(
            mean: drawn.map { $0 * 0.05 + 1.5 }, deviation: [Float](repeating: 0.1, count: 8000), latent: 2, labels: nil,
            step: 0)
        let ratio = AggregatePosterior(corner, over: plane, columns: 18, rows: 18).logRatio
        // Row 0 is at the top, where the second dimension is large.
        #expect(ratio[2 * 18 + 15] > 1 && ratio[15 * 18 + 2] == AggregatePosterior.floor)
    }

    @Test func nearestCodesAndClassMeans() {
        let codes = LatentCodes(
            mean: [0, 0, 1, 0, 0, 3, 5, 5], deviation: [Float](repeating: 1, count: 8), latent: 2, labels: [2, 2, 0, 0],
            step: 0)
        let nearest = codes.nearest(to: [0.9, 0], count: 3)
        #expect(nearest.map(\.index) == [1, 0, 2])
        #expect(abs(nearest[0].distance - 0.1) < 1e-6)
        #expect(codes.nearest(to: [0, 0], count: 9).count == 4)
        let means = codes.classMeans
        #expect(means.map(\.label) == [0, 2] && means[0].mean == [2.5, 4] && means[1].mean == [0.5, 0])
    }

    /// Codes are the posterior means of the first images, in whichever chunk they are encoded.
    @Test func codesOfASet() throws {
        let network = try Network(.perceptron(image: ImageShape(height: 3, width: 3), hidden: [4], latent: 2))
        let snapshot = ParameterSnapshot(network: network, values: normals(network.parameterCount, seed: 1), step: 9)
        let images = ImageSet(
            shape: ImageShape(height: 3, width: 3), pixels: (0..<9 * 700).map { UInt8($0 * 13 % 256) }, labels: nil)
        let codes = LatentCodes(Inference(snapshot), images, .grey, seed: 1, limit: 600)
        let posterior = Inference(snapshot).encode(images.inputs(0..<600, binarization: .grey, seed: 1))
        #expect(codes.count == 600 && codes.step == 9)
        #expect(relativeError(codes.mean, posterior.mean) < 1e-5)
        #expect(relativeError(codes.deviation, posterior.logVariance.map { exp(0.5 * $0) }) < 1e-5)
    }
}

extension Double {
    fileprivate var float: Float { Float(self) }
}
