import CZlib

/// `config.json` of a run: everything needed to repeat it.
package struct RunConfiguration: Codable, Sendable, Equatable {
    /// The names of the preset and of the data set.
    package var preset: String
    package var dataset: String
    package var model: ModelConfiguration
    /// The training as it began; `changes` says what became of it.
    package var training: TrainingConfiguration
    /// Changes made while it trained; nil if there were none.
    package var changes: [TrainingChange]?
    /// What was trained on; nil in older files.
    package var data: DataIdentity?
    /// Where it ran; nil in older files.
    package var machine: Machine?
    /// The program that began it, such as `latent 0.1.0`; nil in older files.
    package var version: String?
    /// What trains it if that is another program; nil for runs of this one.
    package var trainer: OtherTrainer?

    package init(
        preset: String, dataset: String, model: ModelConfiguration, training: TrainingConfiguration,
        changes: [TrainingChange] = [], data: DataIdentity? = nil, machine: Machine? = nil, version: String? = nil
    ) {
        self.changes = changes.isEmpty ? nil : changes
        self.preset = preset
        self.dataset = dataset
        self.model = model
        self.training = training
        self.data = data
        self.machine = machine
        self.version = version
    }

    /// Epochs of the whole run.
    package var epochs: Int { changes?.last { $0.epochs != nil }?.epochs ?? training.epochs }

    /// The training as the trainer is to carry it out: with the epochs that hold now.
    package var currentTraining: TrainingConfiguration {
        var training = training
        training.epochs = epochs
        return training
    }

    /// Another program that writes run folders and keeps a checkpoint of its own, which only it can continue from.
    package struct OtherTrainer: Codable, Sendable, Equatable {
        /// `pytorch` for the package in `integrations/pytorch`.
        package var name: String
    }

    /// Where a run is trained. The same bits come out only on the same kind of processor.
    package struct Machine: Codable, Sendable, Equatable {
        /// Workers that share each step.
        package var threads: Int
        /// The processor's name; empty if unknown.
        package var processor: String
        /// The kind of processor for which OpenBLAS chose its code.
        package var blasCore: String

        package init(threads: Int, processor: String, blasCore: String = BLAS.coreName) {
            self.threads = threads
            self.processor = processor
            self.blasCore = blasCore
        }

        private enum CodingKeys: String, CodingKey {
            case threads, processor
            case blasCore = "blas_core"
        }
    }
}

/// By what a data set is recognised, whatever it is called and wherever it is.
package struct DataIdentity: Codable, Sendable, Equatable {
    /// The folder it was read from.
    package var source: String
    /// How many images there are to train on and held out.
    package var train, test: Int
    /// Height × width × channels.
    package var shape: String
    /// CRC-32 of the training images' pixels and labels, and of the held-out images'; eight hexadecimal digits each.
    package var hash: String
    /// How the files were read; nil for files that leave nothing open.
    package var reading: Reading?

    /// The identity of a data set. Reads every pixel, which takes some 50 ms for MNIST.
    package init(_ dataset: Dataset) {
        source = dataset.source
        (train, test) = (dataset.train.count, dataset.test.count)
        shape = "\(dataset.shape)"
        reading = dataset.reading == Reading() ? nil : dataset.reading
        let parts = [dataset.train.pixels, dataset.train.labels ?? [], dataset.test.pixels, dataset.test.labels ?? []]
        hash = "crc32 " + parts.map { bytes in
            let digits = String(Self.checksum(bytes), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined(separator: "-")
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
    }

    /// Whether both are the same images in the same order, wherever they are.
    package func isSame(as other: DataIdentity) -> Bool {
        (train, test, shape, hash) == (other.train, other.test, other.shape, other.hash)
    }
}
