/// Data sets in MNIST's format: a folder of four files, or a file of images alone.
enum IDXReader: DatasetReader {
    static let kind = "IDX files"

    static func read(_ place: DataPlace, _ reading: Reading) throws(CoreError) -> ReadPictures? {
        if !place.isFolder {
            guard IDXName.isIDX(place.start) else { return nil }
            var notes: [String] = []
            return ReadPictures(train: try images(place.path, labels: nil, reading, &notes), notes: notes)
        }
        guard let files = try IDXFolder(place.path, split: reading.split) else { return nil }
        return try read(files, reading)
    }

    /// Reads all files of a set.
    /// - Throws: `CoreError(.data)` when the images cannot be read, or the files do not belong together.
    static func read(_ files: IDXFolder, _ reading: Reading) throws(CoreError) -> ReadPictures {
        var notes: [String] = []
        let train = try images(files.trainImages, labels: files.trainLabels, reading, &notes)
        guard let testImages = files.testImages else { return ReadPictures(train: train, notes: notes) }
        let test = try images(testImages, labels: files.testLabels, reading, &notes)
        guard train.shape == test.shape else {
            throw CoreError(
                .data, "test images of another size than the training images", at: testImages,
                expected: train.shape.description, found: test.shape.description,
                remedy: "are all files of the same data set?")
        }
        return ReadPictures(train: train, test: test, notes: notes)
    }

    /// Images with their labels. Labels that cannot be read are left out, which is noted.
    private static func images(
        _ path: String, labels: String?, _ reading: Reading, _ notes: inout [String]
    ) throws(CoreError) -> ImageSet {
        let file = try IDX.read(path: path)
        var classes: [UInt8]?
        if let labels {
            do throws(CoreError) {
                classes = try IDXLabels.read(path: labels)
            } catch {
                notes.append("without labels, which cannot be read: \(error)")
            }
        }
        let set = try ImageSet(
            images: file, imagesName: path, labels: classes.map { IDX(dimensions: [$0.count], values: $0) },
            labelsName: labels ?? path)
        return reading.transpose ? set.transposed() : set
    }
}
