/// The files of an IDX data set, found in a folder by their names.
///
/// A name says which part it is by `train`, `test` or `t10k`, and `image` or `label`, in any spelling: dots for dashes,
/// `.gz` or not whatever the file is, more words around them. Where a file's name is that of a folder, the file is looked for
/// inside, as in archives that have a folder for each file. Words that tell several sets in one folder apart
/// (emnist-letters, emnist-digits) name their splits.
struct IDXFolder {
    let trainImages: String
    let trainLabels: String?
    /// Nil if no name in the folder tells training images from held-out ones.
    let testImages: String?
    let testLabels: String?

    /// Finds the files in `folder`.
    ///
    /// - Parameter split: which set, where there are several.
    /// - Returns: `nil` when the folder has no file that looks like a part of a data set.
    /// - Throws: `CoreError(.data)` when a file is missing, or there are several sets and `split` names none of them.
    init?(_ folder: String, split: String? = nil) throws(CoreError) {
        let files = (FileSystem.names(in: folder) ?? []).flatMap { IDXName.files($0, in: folder) }
        guard files.contains(where: { $0.isImages }) || files.contains(where: { $0.part != nil }) else { return nil }
        let chosen = try Self.chosen(files, split: split, folder)
        func best(_ part: IDXName.Part?, images: Bool) -> String? {
            chosen.filter { $0.part == part && $0.isImages == images }.min { $0.rank < $1.rank }?.path
        }
        if let only = best(nil, images: true), !chosen.contains(where: { $0.part != nil && $0.isImages }) {
            (trainImages, trainLabels, testImages, testLabels) = (only, best(nil, images: false), nil, nil)
            return
        }
        let found = (best(.train, images: true), best(.test, images: true))
        guard let train = found.0, let test = found.1 else {
            let missing = [
                found.0 == nil ? "no train-images-idx3-ubyte" : nil, found.1 == nil ? "no t10k-images-idx3-ubyte" : nil,
            ].compactMap { $0 }
            throw CoreError(
                .data, "incomplete data set", at: folder,
                expected: "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
                    + "t10k-labels-idx1-ubyte (each raw or .gz)",
                found: missing.joined(separator: ", "), remedy: "put the missing files into the folder")
        }
        (trainImages, testImages) = (train, test)
        (trainLabels, testLabels) = (best(.train, images: false), best(.test, images: false))
    }

    /// Whether every image has a label, and there is a held-out part.
    var isWhole: Bool { trainLabels != nil && testLabels != nil }

    /// The files of the set that `split` names, or of the only one there is.
    private static func chosen(
        _ files: [IDXName], split: String?, _ folder: String
    ) throws(CoreError) -> [IDXName] {
        let names = Set(files.filter(\.isImages).map(\.split)).sorted()
        if let split {
            let wanted = split.lowercased()
            let exact = names.filter { $0 == wanted || $0.hasSuffix("-" + wanted) || $0.hasPrefix(wanted + "-") }
            guard let name = exact.first, exact.count == 1 else {
                throw CoreError(
                    .data, exact.isEmpty ? "no such split" : "several splits fit", at: folder,
                    expected: "--split with " + (names.filter { !$0.isEmpty }.joined(separator: ", ")),
                    found: split)
            }
            return files.filter { $0.split == name }
        }
        // Names that differ in other words than those of the four parts need not be of several sets.
        let parts = Dictionary(grouping: files) { "\($0.part.map { "\($0)" } ?? "") \($0.isImages)" }
        if parts.values.allSatisfy({ Set($0.map(\.split)).count == 1 }) { return files }
        let standard = files.filter { $0.split.isEmpty }
        if standard.contains(where: { $0.part == .train && $0.isImages }) { return standard }
        throw CoreError(
            .data, "several data sets in the folder", at: folder, expected: "one, or --split with its name",
            found: names.map { $0.isEmpty ? "one without a name" : $0 }.prefix(12).joined(separator: ", "),
            remedy: "give --split \(names.first { !$0.isEmpty } ?? "NAME")")
    }
}
