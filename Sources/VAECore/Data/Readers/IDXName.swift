/// What the name of an IDX file says.
struct IDXName {
    enum Part { case train, test }

    let path: String
    let part: Part?
    let isImages: Bool
    /// The words of the name that are in no other set's, joined by dashes: "emnist-letters"; empty for MNIST's own names.
    let split: String
    /// How near the name is to MNIST's own; 0 is best.
    let rank: Int

    /// The IDX files that something in a folder is or holds: usually one or none.
    static func files(_ name: String, in folder: String) -> [IDXName] {
        let path = FileSystem.join(folder, name)
        guard !name.hasPrefix("."), let words = Words(name) else { return [] }
        guard FileSystem.kind(of: path) == .folder else {
            return words.saysIDX || isIDX(path) ? [IDXName(path: path, words: words, depth: 0)] : []
        }
        guard words.saysIDX else { return [] }
        // A folder that is called like a file: what is in it has the same name, or is alone there.
        let inside = (FileSystem.names(in: path) ?? []).filter {
            !$0.hasPrefix(".") && FileSystem.kind(of: FileSystem.join(path, $0)) == .file
        }
        let same = inside.filter { Words($0).map { $0.part == words.part && $0.isImages == words.isImages } ?? false }
        return (same.isEmpty && inside.count == 1 ? inside : same).map { inner in
            IDXName(path: FileSystem.join(path, inner), words: words, depth: 1)
        }
    }

    private init(path: String, words: Words, depth: Int) {
        self.path = path
        (part, isImages, split) = (words.part, words.isImages, words.split)
        let name = FileSystem.lastComponent(path)
        rank = (name.hasSuffix(".gz") ? 2 : 0) + (name.contains(".idx") ? 1 : 0) + 4 * depth + (words.isStandard ? 0 : 8)
    }

    /// Whether the file at `path` begins like an IDX file, raw or gzipped.
    static func isIDX(_ path: String) -> Bool {
        guard let start = try? FileSystem.readStart(path, kind: .data, count: 512) else { return false }
        return isIDX(start.bytes)
    }

    /// Whether these are the first bytes of an IDX file, raw or gzipped.
    static func isIDX(_ start: [UInt8]) -> Bool {
        let head = Gzip.isGzip(start) ? Gzip.start(of: start, count: 4) : Array(start.prefix(4))
        return head.count == 4 && head[0] == 0 && head[1] == 0 && (8...14).contains(head[2]) && (1...4).contains(head[3])
    }
}

/// The words of a file's name.
private struct Words {
    let part: IDXName.Part?
    let isImages: Bool
    let split: String
    /// Whether the name itself says that this is an IDX file.
    let saysIDX: Bool
    let isStandard: Bool

    private static let kinds: Set = ["idx", "idx1", "idx2", "idx3", "idx4", "ubyte", "byte", "int", "gz"]
    private static let parts: [String: IDXName.Part] = [
        "train": .train, "training": .train, "test": .test, "t10k": .test, "testing": .test, "val": .test,
        "validation": .test,
    ]

    /// Nil if the name speaks neither of images nor of labels, or of both.
    init?(_ name: String) {
        let lower = name.lowercased()
        let stem = lower.hasSuffix(".gz") ? lower.dropLast(3) : lower[...]
        let words = stem.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        func says(_ stems: [String]) -> Bool { words.contains { word in stems.contains { word.contains($0) } } }
        let (images, labels) = (says(["image", "img"]), says(["label", "lbl"]))
        guard images != labels else { return nil }
        isImages = images
        let named = words.compactMap { Self.parts[$0] }
        // Written as one word with others: trainimages, test50k.
        let joined: IDXName.Part? = says(["train"]) ? .train : says(["test", "t10k"]) ? .test : nil
        guard Set(named).count <= 1 else { return nil }
        part = named.first ?? joined
        split = words.filter { word in
            Self.parts[word] == nil && !Self.kinds.contains(word)
                && !["image", "img", "label", "lbl"].contains { word.contains($0) }
        }.joined(separator: "-")
        let ending = stem.lastIndex(of: ".").map { String(stem[$0...]) } ?? ""
        saysIDX = (lower.contains("idx") || lower.contains("ubyte"))
            && (ending.isEmpty || ending.contains("idx") || ending.contains("ubyte"))
        isStandard = split.isEmpty && saysIDX
    }
}
