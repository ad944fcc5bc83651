import Foundation
import VAECore

/// What an encoder makes of a set of images: for each its class, μ and log σ², in three formats.
struct CodeTable {
    /// How such a table is written.
    enum Format: String, CaseIterable {
        /// A line for each image, below a line of names.
        case csv
        /// An array of records for `numpy.load`: image, class, mean, log_variance.
        case npy
        /// Tensors mean and log_variance (n, latent), and class (n) if it is known.
        case safetensors
    }

    /// Dimensions of z.
    let latent: Int
    /// (n, latent) each.
    private var mean, logVariance: [Float]
    /// The class of each image, if it is known.
    private let labels: [UInt8]?

    var count: Int { mean.count / latent }

    /// Encodes every image of a set.
    /// - Parameter seed: of the draws of stochastic binarization.
    init(_ inference: Inference, _ set: ImageSet, _ binarization: Binarization, seed: UInt64) {
        latent = inference.snapshot.network.latent
        labels = set.labels.map { Array($0) }
        (mean, logVariance) = ([], [])
        for start in stride(from: 0, to: set.count, by: 500) {
            let range = start..<min(set.count, start + 500)
            let posterior = inference.encode(
                set.inputs(range, binarization: binarization, seed: seed), labels: labels?[range].map { Int($0) })
            mean += posterior.mean
            logVariance += posterior.logVariance
        }
    }

    /// The table's bytes. An image's number counts from 1; a class that is not known is empty, or -1 as a number.
    func bytes(_ format: Format) throws(CoreError) -> [UInt8] {
        switch format {
        case .csv: [UInt8](csv.utf8)
        case .npy: npy
        case .safetensors: try safetensors()
        }
    }

    private func row(_ values: [Float], _ index: Int) -> ArraySlice<Float> { values[index * latent..<(index + 1) * latent] }

    private var csv: String {
        let names = ["mean", "log_variance"].flatMap { name in (1...latent).map { "\(name)_\($0)" } }
        var text = (["image", "class"] + names).joined(separator: ",") + "\n"
        for index in 0..<count {
            let numbers = (row(mean, index) + row(logVariance, index)).map { "\($0)" }
            text += (["\(index + 1)", labels.map { "\($0[index])" } ?? ""] + numbers).joined(separator: ",") + "\n"
        }
        return text
    }

    private var npy: [UInt8] {
        let fields = "('image', '<i4'), ('class', '<i4'), ('mean', '<f4', (\(latent),)), ('log_variance', '<f4', (\(latent),))"
        var header = "{'descr': [\(fields)], 'fortran_order': False, 'shape': (\(count),), }"
        // Magic, version and length are ten bytes; the records begin at a multiple of 64.
        header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
        let length = UInt16(header.utf8.count)
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
        func append(_ bits: UInt32) { withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) } }
        for index in 0..<count {
            append(UInt32(index + 1))
            append(UInt32(bitPattern: labels.map { Int32($0[index]) } ?? -1))
            for value in row(mean, index) { append(value.bitPattern) }
            for value in row(logVariance, index) { append(value.bitPattern) }
        }
        return bytes
    }

    private func safetensors() throws(CoreError) -> [UInt8] {
        let classes = (labels ?? []).map { Float($0) }
        let all = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * mean.count + classes.count)
        defer { all.deallocate() }
        _ = all.initialize(fromContentsOf: mean + logVariance + classes)
        func part(_ start: Int, _ length: Int) -> UnsafeBufferPointer<Float> {
            UnsafeBufferPointer(rebasing: all[start..<start + length])
        }
        var tensors = [
            (name: "mean", shape: [count, latent], values: part(0, mean.count)),
            (name: "log_variance", shape: [count, latent], values: part(mean.count, mean.count)),
        ]
        if labels != nil { tensors.append((name: "class", shape: [count], values: part(2 * mean.count, count))) }
        return try SafetensorsFile.encode(tensors: tensors)
    }
}
