/// Pictures as arrays: Keras' mnist.npz, a `.npy` file, several of them in a folder, a safetensors file.
///
/// Arrays are told apart by their names (x_train, y_test, train_images, kmnist-test-labels) and, where those say nothing, by
/// their shapes: images have the most dimensions, labels one for each image.
enum ArrayReader: DatasetReader {
    static let kind = "NumPy arrays (.npz, .npy), safetensors"

    static func read(_ place: DataPlace, _ reading: Reading) throws(CoreError) -> ReadPictures? {
        var arrays: [PixelArray] = []
        if place.isFolder {
            let endings = [".npy", ".npz", ".safetensors"]
            for name in place.names where endings.contains(where: { name.hasSuffix($0) }) && !name.hasPrefix(".") {
                let path = place.file(name)
                guard FileSystem.kind(of: path) == .file else { continue }
                let start = try FileSystem.readStart(path, kind: .data, count: 512).bytes
                // In a folder, a safetensors file is as likely a model.
                guard let found = try ArrayFiles.arrays(path, start: start) else { continue }
                arrays += name.hasSuffix(".safetensors") ? found.filter { $0.shape.count >= 3 && isImages($0) == true } : found
            }
        } else {
            arrays = try ArrayFiles.arrays(place.path, start: place.start) ?? []
        }
        guard !arrays.isEmpty else { return nil }
        return try pictures(arrays, reading, at: place.path)
    }

    private static let imageWords: Set = ["x", "image", "images", "img", "imgs", "pictures", "pixels", "data", "features"]
    private static let labelWords: Set = ["y", "label", "labels", "target", "targets", "class", "classes"]

    /// Whether the array's name says that it holds images; nil if it does not say.
    private static func isImages(_ array: PixelArray) -> Bool? {
        let words = Set(array.name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
        let flags = (!words.isDisjoint(with: imageWords), !words.isDisjoint(with: labelWords))
        if flags.0 != flags.1 { return flags.0 }
        // Written as one word: trainX, Xtrain.
        let name = array.name.lowercased()
        for (letter, answer) in [("x", true), ("y", false)] where name.hasPrefix(letter) || name.hasSuffix(letter) {
            return answer
        }
        return nil
    }

    private static func part(_ array: PixelArray) -> PartNames.Part {
        let part = PartNames.sorted(array.name).part
        guard part == .none else { return part }
        let name = array.name.lowercased()
        return name.contains("test") ? .test : name.contains("train") ? .train : name.contains("val") ? .validation : .none
    }

    private static func pictures(
        _ arrays: [PixelArray], _ reading: Reading, at path: String
    ) throws(CoreError) -> ReadPictures {
        let images = arrays.filter { array in
            guard isImages(array) != false, array.arrangement(size: reading.size) != nil else { return false }
            // Rows of numbers are as likely weights, unless the name says otherwise or there is nothing else.
            return array.shape.count > 2 || isImages(array) == true || arrays.count == 1
        }
        func best(_ parts: PartNames.Part...) -> PixelArray? {
            parts.lazy.compactMap { part in
                images.filter { Self.part($0) == part }.max { $0.shape.count < $1.shape.count }
            }.first
        }
        guard let train = best(.train, .none, .test, .validation) else {
            let list = arrays.map { "\($0.name) " + $0.shape.map(String.init).joined(separator: "×") }
            throw CoreError(
                .data, "no array of pictures", at: path,
                expected: "one of (images, height, width), with channels after them or not",
                found: list.prefix(6).joined(separator: ", "))
        }
        var test = best(.test, .validation)
        if test?.place == train.place { test = nil }
        var notes: [String] = []
        let first = try set(train, arrays, reading, &notes)
        let second = try test.map { test throws(CoreError) in try set(test, arrays, reading, &notes) }
        return ReadPictures(train: first, test: second, notes: notes)
    }

    /// An array's images, with the labels that belong to it.
    private static func set(
        _ array: PixelArray, _ arrays: [PixelArray], _ reading: Reading, _ notes: inout [String]
    ) throws(CoreError) -> ImageSet {
        guard let arrangement = array.arrangement(size: reading.size) else {
            throw CoreError(.data, "no array of pictures", at: array.place)
        }
        let images = try array.images(arrangement, notes: &notes)
        let candidates = arrays.filter { other in
            other.place != array.place && part(other) == part(array) && isImages(other) != true
                && other.shape.count <= 2 && other.shape[0] == images.count
        }
        var labels: [UInt8]?
        if let found = candidates.first(where: { isImages($0) == false }) ?? candidates.first {
            do throws(CoreError) {
                labels = try found.labels(images.count)
            } catch {
                notes.append("without labels, which cannot be read: \(error)")
            }
        }
        let set = ImageSet(shape: images.shape, pixels: images.pixels, labels: labels)
        return reading.transpose ? set.transposed() : set
    }
}
