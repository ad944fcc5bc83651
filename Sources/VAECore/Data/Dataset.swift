/// Images of one size with their labels, immutable and shared by every thread.
public final class ImageSet: Sendable {
    /// The size of each image.
    public let shape: ImageShape
    /// Pixels 0…255, (count, height, width, channel).
    public let pixels: [UInt8]
    /// The class of each image, if the data has labels.
    public let labels: [UInt8]?

    /// Images of one shape.
    /// - Precondition: `pixels.count` is a multiple of `shape.count`; `labels`, if any, has one entry per image.
    public init(shape: ImageShape, pixels: [UInt8], labels: [UInt8]?) {
        precondition(shape.count > 0 && pixels.count % shape.count == 0)
        precondition(labels == nil || labels!.count == pixels.count / shape.count)
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
    }

    /// The number of images.
    public var count: Int { pixels.count / shape.count }

    /// The pixels of image `index`, 0…255.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        pixels[index * shape.count..<(index + 1) * shape.count]
    }
}

extension ImageSet {
    /// The first images; the set itself if it has no more.
    package func first(_ count: Int) -> ImageSet {
        guard count < self.count else { return self }
        return ImageSet(
            shape: shape, pixels: Array(pixels.prefix(count * shape.count)), labels: labels.map { Array($0.prefix(count)) })
    }
}

extension ImageSet: Equatable {
    /// Whether both are the same object.
    public static func == (a: ImageSet, b: ImageSet) -> Bool { a === b }
}

/// A data set: training images, held-out images, and where they came from.
public struct Dataset: Sendable {
    /// The catalogue's name ("mnist-5k"), or the folder.
    public var name: String
    /// The training images and the held-out images, of one shape.
    public var train, test: ImageSet
    /// The folder of the files.
    public var source: String
    /// What the user should know about this choice, such as that the full set was not found.
    public var notice: String?
    /// The name of each class, by its label, if the set names them: "ankle boot" at 9.
    public var classNames: [String]?
    /// How the files were read.
    public var reading = Reading()

    /// A data set of images loaded before.
    public init(
        name: String, train: ImageSet, test: ImageSet, source: String, notice: String? = nil,
        classNames: [String]? = nil
    ) {
        self.name = name
        self.train = train
        self.test = test
        self.source = source
        self.notice = notice
        self.classNames = classNames
    }

    /// The size of each image.
    public var shape: ImageShape { train.shape }

    /// The same with the first images of either part alone.
    package func first(train: Int, test: Int) -> Dataset {
        var dataset = self
        (dataset.train, dataset.test) = (self.train.first(train), self.test.first(test))
        return dataset
    }

    /// Whether a model trained on the data set called `name` has seen the held-out images of this one: all of mnist-5k
    /// is taken from the training images of MNIST.
    public func isSeen(inTrainingOn name: String?) -> Bool { name == "mnist" && self.name == "mnist-5k" }
}
