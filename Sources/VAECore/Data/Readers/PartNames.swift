/// Files or arrays of one folder that are parts of data sets, told apart by the words of their names.
enum PartNames {
    private static let train: Set = ["train", "training"]
    private static let test: Set = ["test", "testing", "t10k"]
    private static let validation: Set = ["val", "valid", "validation"]

    /// What the words of a name say, and the words that are left, joined by dashes.
    static func sorted(_ name: String) -> (part: Part, rest: String) {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let known = train.union(test).union(validation)
        let part: Part =
            !test.isDisjoint(with: words) ? .test
            : !validation.isDisjoint(with: words) ? .validation : !train.isDisjoint(with: words) ? .train : .none
        return (part, words.filter { !known.contains($0) }.joined(separator: "-"))
    }

    enum Part { case train, test, validation, none }

    /// The files for training and for testing among `names`, of which each is a part of some set.
    ///
    /// - Parameters:
    ///   - stem: a name without its endings.
    ///   - split: which set, where there are several.
    /// - Throws: `CoreError(.data)` when there are several sets and `split` names none.
    static func pair(
        _ names: [String], stem: (String) -> String, split: String?, in folder: String
    ) throws(CoreError) -> (train: String, test: String?)? {
        let all = names.map { name in (name: name, sorted: sorted(stem(name))) }
        let sets = Dictionary(grouping: all) { $0.sorted.rest }
        let keys = sets.keys.sorted()
        guard let first = keys.first else { return nil }
        var key = first
        if let split {
            let wanted = split.lowercased()
            let fitting = keys.filter { $0 == wanted || $0.hasSuffix("-" + wanted) || $0.hasPrefix(wanted + "-") }
            guard let only = fitting.first, fitting.count == 1 else {
                throw CoreError(
                    .data, "no such split", at: folder, expected: "--split with \(keys.joined(separator: ", "))",
                    found: split)
            }
            key = only
        } else if keys.count > 1 {
            throw CoreError(
                .data, "several data sets in the folder", at: folder, expected: "one, or --split with its name",
                found: keys.map { $0.isEmpty ? "one without a name" : $0 }.prefix(12).joined(separator: ", "),
                remedy: "give --split NAME, or name one of the files")
        }
        let files = sets[key] ?? []
        func named(_ parts: Part...) -> String? {
            parts.lazy.compactMap { part in files.first { $0.sorted.part == part }?.name }.first
        }
        guard let training = named(.train, .none) else {
            // A part that is held out, alone, is a set like any other.
            return named(.test, .validation).map { ($0, nil) }
        }
        return (training, named(.test, .validation))
    }
}
