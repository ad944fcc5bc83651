/// The four files of a data set, found by name in a folder.
///
/// MNIST's own names come first, in both spellings (`train-images-idx3-ubyte` and `train-images.idx3-ubyte`), raw before
/// gzipped; then any IDX files whose names contain `train` or `t10k`/`test`, and `images` or `labels`. Labels may be
/// missing; images may not.
struct IDXFolder {
    let trainImages: String
    let trainLabels: String?
    let testImages: String
    let testLabels: String?

    /// Finds the files in `folder`.
    ///
    /// - Returns: `nil` when the folder has no file that looks like a part of a data set.
    /// - Throws: `CoreError(.data)` when a file is missing, or several match one part.
    init?(_ folder: String) throws(CoreError) {
        let names = FileSystem.names(in: folder) ?? []
        let found = try Part.allCases.map { part throws(CoreError) in try Self.file(part, among: names, folder) }
        if found.allSatisfy({ $0 == nil }) { return nil }
        let parts = zip(Part.allCases, found)
        let missing = parts.filter { $0.1 == nil && $0.0.isImages }.map(\.0.standardName)
        guard let trainImages = found[0], let testImages = found[2] else {
            throw CoreError(
                .data, "incomplete data set", at: folder,
                expected: Part.allCases.map(\.standardName).joined(separator: ", ") + " (each raw or .gz)",
                found: "no \(missing.joined(separator: ", no "))", remedy: "put the missing files into the folder")
        }
        (self.trainImages, trainLabels, self.testImages, testLabels) = (trainImages, found[1], testImages, found[3])
    }

    /// Whether every image has a label.
    var hasLabels: Bool { trainLabels != nil && testLabels != nil }

    /// Reads all files into a data set.
    ///
    /// - Throws: `CoreError(.data)` as `IDX.read`, or when the files do not belong together.
    func load(name: String, source: String) throws(CoreError) -> Dataset {
        let train = try Self.load(trainImages, trainLabels)
        let test = try Self.load(testImages, testLabels)
        guard train.shape == test.shape else {
            func text(_ shape: ImageShape) -> String { "\(shape.height)×\(shape.width)×\(shape.channels)" }
            throw CoreError(
                .data, "test images of another size than the training images", at: testImages,
                expected: text(train.shape), found: text(test.shape), remedy: "are all files of the same data set?")
        }
        return Dataset(name: name, train: train, test: test, source: source)
    }

    private static func load(_ images: String, _ labels: String?) throws(CoreError) -> ImageSet {
        var labelsFile: IDX?
        if let labels { labelsFile = try IDX.read(path: labels) }
        return try ImageSet(
            images: IDX.read(path: images), imagesName: images, labels: labelsFile, labelsName: labels ?? images)
    }

    // MARK: Names

    private enum Part: CaseIterable {
        case trainImages, trainLabels, testImages, testLabels

        var isImages: Bool { self == .trainImages || self == .testImages }
        var isTrain: Bool { self == .trainImages || self == .trainLabels }
        var standardName: String {
            "\(isTrain ? "train" : "t10k")-\(isImages ? "images-idx3" : "labels-idx1")-ubyte"
        }

        /// Whether `name`, in lower case, can be the IDX file of this part.
        func fits(_ name: String) -> Bool {
            guard name.contains("idx") || name.contains("ubyte") else { return false }
            guard name.contains("image") == isImages && name.contains("label") != isImages else { return false }
            let isTest = name.contains("t10k") || name.contains("test")
            return isTrain ? name.contains("train") && !isTest : isTest && !name.contains("train")
        }
    }

    /// The path of the only file among `names` that matches `part`, or `nil`.
    private static func file(_ part: Part, among names: [String], _ folder: String) throws(CoreError) -> String? {
        let dotted = part.standardName.replacing("-idx", with: ".idx")
        for name in [part.standardName, dotted].flatMap({ [$0, $0 + ".gz"] }) where names.contains(name) {
            return FileSystem.join(folder, name)
        }
        let fitting = names.filter { part.fits($0.lowercased()) && isData($0) }
        // A gzipped file beside the raw one is the same data.
        let candidates = fitting.filter { !($0.hasSuffix(".gz") && fitting.contains(String($0.dropLast(3)))) }
        guard candidates.count <= 1 else {
            throw CoreError(
                .data, "several files fit one part of the data set", at: folder,
                expected: "one like \(part.standardName)", found: candidates.prefix(4).joined(separator: ", "),
                remedy: "put each data set into a folder of its own")
        }
        return candidates.first.map { FileSystem.join(folder, $0) }
    }

    /// Whether the extension can be that of an IDX file: none, `.gz`, or one that contains `idx` or `ubyte`.
    private static func isData(_ name: String) -> Bool {
        let stem = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        guard let dot = stem.lastIndex(of: ".") else { return !name.hasPrefix(".") }
        let ending = stem[dot...].lowercased()
        return !name.hasPrefix(".") && (ending.contains("idx") || ending.contains("ubyte"))
    }
}
