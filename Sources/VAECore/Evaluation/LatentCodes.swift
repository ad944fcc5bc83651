import Foundation

/// Where a model encodes the images of a set.
public struct LatentCodes: Sendable, Equatable {
    /// μ of each image (n, latent).
    public let mean: [Float]
    /// σ of each image (n, latent); zeros for a deterministic model.
    public let deviation: [Float]
    /// Dimensions of z.
    public let latent: Int
    /// The class of each image, if the data has labels.
    public let labels: [UInt8]?
    /// The training step of the parameters that encoded the images.
    public let step: Int

    /// The number of images.
    public var count: Int { mean.count / latent }

    /// Encodes the first `limit` images of a set.
    /// - Parameter seed: of the draws of stochastic binarization.
    public init(
        _ inference: Inference, _ set: ImageSet, _ binarization: Binarization, seed: UInt64, limit: Int = .max
    ) {
        let network = inference.snapshot.network
        let count = min(limit, set.count)
        var (mean, deviation): ([Float], [Float]) = ([], [])
        mean.reserveCapacity(count * network.latent)
        deviation.reserveCapacity(count * network.latent)
        for start in stride(from: 0, to: count, by: 500) {
            let range = start..<min(count, start + 500)
            let classes = set.labels.map { $0[range].map { Int($0) } }
            let posterior = inference.encode(
                set.inputs(range, binarization: binarization, seed: seed), labels: classes)
            mean += posterior.mean
            deviation += posterior.logVariance.map { exp(0.5 * $0) }
        }
        if network.configuration.isDeterministic { deviation = [Float](repeating: 0, count: mean.count) }
        self.init(
            mean: mean, deviation: deviation, latent: network.latent, labels: set.labels.map { Array($0[..<count]) },
            step: inference.snapshot.step)
    }

    /// Codes computed before.
    /// - Precondition: `mean` and `deviation` are (n, latent); `labels`, if any, has one entry per image.
    public init(mean: [Float], deviation: [Float], latent: Int, labels: [UInt8]?, step: Int) {
        precondition(latent > 0 && mean.count % latent == 0 && deviation.count == mean.count)
        precondition(labels == nil || labels!.count == mean.count / latent)
        self.mean = mean
        self.deviation = deviation
        self.latent = latent
        self.labels = labels
        self.step = step
    }

    /// The Euclidean distance from the code of image `index` to a point (latent).
    public func distance(_ index: Int, to z: [Float]) -> Float {
        // The nearest of thousands of codes in hundreds of dimensions are sought for each frame.
        mean.withUnsafeBufferPointer { mean in
            z.withUnsafeBufferPointer { z in
                precondition(z.count == latent && index >= 0 && (index + 1) * latent <= mean.count)
                var sum: Float = 0
                for j in 0..<latent {
                    let d = mean[index * latent + j] - z[j]
                    sum += d * d
                }
                return sum.squareRoot()
            }
        }
    }

    /// The images whose codes are nearest to a point, nearest first; of equally near ones, the first in the set.
    /// - Parameters:
    ///   - z: the point (latent).
    ///   - count: the largest number of images returned.
    public func nearest(to z: [Float], count: Int) -> [(index: Int, distance: Float)] {
        precondition(z.count == latent)
        var best: [(index: Int, distance: Float)] = []
        for index in 0..<self.count {
            let d = distance(index, to: z)
            guard best.count < count || d < best[best.count - 1].distance else { continue }
            let place = best.firstIndex { d < $0.distance } ?? best.count
            best.insert((index, d), at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// The mean code (latent) of each class, by label; empty without labels.
    public var classMeans: [(label: Int, mean: [Float])] {
        guard let labels else { return [] }
        var sums: [UInt8: (sum: [Double], count: Int)] = [:]
        for (index, label) in labels.enumerated() {
            var entry = sums[label] ?? ([Double](repeating: 0, count: latent), 0)
            for j in 0..<latent { entry.sum[j] += Double(mean[index * latent + j]) }
            entry.count += 1
            sums[label] = entry
        }
        return sums.keys.sorted().map { label in
            let entry = sums[label]!
            return (Int(label), entry.sum.map { Float($0 / Double(entry.count)) })
        }
    }

    /// The medoid of each class, by label: the image whose code has the least squared distance, summed, to the codes of
    /// its class. That is the one nearest to their mean, of equals the first. Empty without labels.
    public var classMedoids: [(label: Int, index: Int)] {
        guard let labels else { return [] }
        return classMeans.compactMap { label, mean in
            let members = labels.indices.filter { Int(labels[$0]) == label }
            return members.min { distance($0, to: mean) < distance($1, to: mean) }.map { (label, $0) }
        }
    }

    /// The code of one image (latent).
    public func code(_ index: Int) -> [Float] { Array(mean[index * latent..<(index + 1) * latent]) }

    /// The image whose code is exactly a point, if there is one.
    public func index(at z: [Float]) -> Int? {
        guard z.count == latent else { return nil }
        return (0..<count).first { index in (0..<latent).allSatisfy { mean[index * latent + $0] == z[$0] } }
    }
}
