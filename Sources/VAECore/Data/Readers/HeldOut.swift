// What a data set becomes once its files are read.

extension ReadPictures {
    /// The seed of the draw when a set has no held-out part.
    static let heldOutSeed: UInt64 = 1

    /// The data set, with a tenth of the images held out if the files hold out none.
    /// - Throws: `CoreError(.data)` when there are too few images, or the parts differ in size.
    func dataset(name: String, source: String, _ reading: Reading = Reading()) throws(CoreError) -> Dataset {
        var notes = notes
        let parts: (train: ImageSet, test: ImageSet)
        if let test {
            parts = (train, test)
        } else {
            parts = try Self.divided(train, at: source)
            notes.append(
                "the set has no held-out part: \(parts.test.count) of its \(train.count) images, drawn with seed "
                    + "\(Self.heldOutSeed), are held out")
        }
        guard parts.train.shape == parts.test.shape else {
            throw CoreError(
                .data, "test images of another size than the training images", at: source,
                expected: parts.train.shape.description, found: parts.test.shape.description,
                remedy: "are all files of the same data set?")
        }
        var dataset = Dataset(
            name: name, train: parts.train, test: parts.test, source: source,
            notice: notes.isEmpty ? nil : notes.joined(separator: "; "), classNames: classNames)
        dataset.reading = reading
        return dataset
    }

    /// A tenth of the images, and the others, each in the order that they had.
    private static func divided(
        _ images: ImageSet, at source: String
    ) throws(CoreError) -> (train: ImageSet, test: ImageSet) {
        guard images.count >= 2 else {
            throw CoreError(
                .data, "too few images to hold some out", at: source, expected: "at least 2", found: "\(images.count)")
        }
        let order = epochOrder(count: images.count, seed: heldOutSeed, epoch: 0)
        let held = max(1, images.count / 10)
        return (images.picked(order[held...].sorted()), images.picked(order[..<held].sorted()))
    }
}

extension ImageSet {
    /// Some of the images, in the order of `indices`.
    func picked(_ indices: [Int]) -> ImageSet {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(indices.count * shape.count)
        for index in indices { chosen += self[index] }
        return ImageSet(shape: shape, pixels: chosen, labels: labels.map { all in indices.map { all[$0] } })
    }

    /// The same images with rows and columns swapped.
    func transposed() -> ImageSet {
        let (height, width, channels) = (shape.height, shape.width, shape.channels)
        var turned = [UInt8](repeating: 0, count: pixels.count)
        for image in 0..<count {
            let base = image * shape.count
            for y in 0..<height {
                for x in 0..<width {
                    for channel in 0..<channels {
                        turned[base + (x * height + y) * channels + channel] =
                            pixels[base + (y * width + x) * channels + channel]
                    }
                }
            }
        }
        return ImageSet(
            shape: ImageShape(height: width, width: height, channels: channels), pixels: turned, labels: labels)
    }
}
