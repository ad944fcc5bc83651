/// Images of one size with their labels, immutable and shared by every thread.
public final class ImageSet: Sendable {
    public let shape: ImageShape
    /// Pixels 0…255, (count, height, width, channel).
    public let pixels: [UInt8]
    /// One class an image, when the data has labels.
    public let labels: [UInt8]?

    /// - Precondition: `pixels.count` is a multiple of `shape.count`; `labels`, if any, has one entry an image.
    public init(shape: ImageShape, pixels: [UInt8], labels: [UInt8]?) {
        precondition(shape.count > 0 && pixels.count % shape.count == 0)
        precondition(labels == nil || labels!.count == pixels.count / shape.count)
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
    }

    public var count: Int { pixels.count / shape.count }

    /// The pixels of image `index`, 0…255.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        pixels[index * shape.count..<(index + 1) * shape.count]
    }
}

extension ImageSet: Equatable {
    /// The same set, not another with the same images.
    public static func == (a: ImageSet, b: ImageSet) -> Bool { a === b }
}

/// A data set: images to train on, images held out, and where they came from.
public struct Dataset: Sendable {
    /// The catalogue's name ("mnist-5k") or the folder given.
    public var name: String
    public var train: ImageSet
    public var test: ImageSet
    /// Where the files lie.
    public var source: String
    /// What the person should know of this choice, such as that the full set was not found.
    public var notice: String?

    public init(name: String, train: ImageSet, test: ImageSet, source: String, notice: String? = nil) {
        self.name = name
        self.train = train
        self.test = test
        self.source = source
        self.notice = notice
    }

    public var shape: ImageShape { train.shape }

    /// Whether a model trained on the data set called `name` has seen this one's held-out images: all of mnist-5k
    /// is taken from MNIST's training images.
    public func isSeen(inTrainingOn name: String?) -> Bool { name == "mnist" && self.name == "mnist-5k" }
}
