/// Pictures as tables of text, as Kaggle has them: a line a picture, gzipped or not, with a header or without.
enum CSVReader: DatasetReader {
    static let kind = "CSV"

    private static let endings = [".csv", ".csv.gz", ".tsv", ".tsv.gz"]
    /// The longest file accepted, in bytes.
    private static let longestFile = 2 << 30

    static func read(_ place: DataPlace, _ reading: Reading) throws(CoreError) -> ReadPictures? {
        if !place.isFolder {
            guard isTable(place.start, named: place.path) else { return nil }
            return try read(place.path, test: nil, reading)
        }
        let tables = place.names.filter { name in
            guard hasEnding(name), !name.hasPrefix("."), !name.lowercased().contains("submission") else { return false }
            return FileSystem.kind(of: place.file(name)) == .file
        }
        // The same table packed and not is one.
        let names = tables.filter { !($0.hasSuffix(".gz") && tables.contains(String($0.dropLast(3)))) }
        let pair = try PartNames.pair(names, stem: stem, split: reading.split, in: place.path)
        guard let pair else { return nil }
        return try read(place.file(pair.train), test: pair.test.map(place.file), reading)
    }

    private static func hasEnding(_ name: String) -> Bool { endings.contains { name.lowercased().hasSuffix($0) } }

    private static func stem(_ name: String) -> String {
        let ending = endings.filter { name.lowercased().hasSuffix($0) }.max { $0.count < $1.count } ?? ""
        return String(name.dropLast(ending.count))
    }

    /// Whether a file is a table: by its ending, or as it begins with numbers and commas.
    private static func isTable(_ start: [UInt8], named name: String) -> Bool {
        if hasEnding(name) { return true }
        let text = Gzip.isGzip(start) ? Gzip.start(of: start, count: 256) : Array(start.prefix(256))
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        return line.count { $0 == UInt8(ascii: ",") } >= 3
            && text.allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || (32...126).contains($0) }
    }

    /// Reads one or two tables.
    private static func read(_ train: String, test: String?, _ reading: Reading) throws(CoreError) -> ReadPictures {
        let table = try table(train, reading)
        var held: CSVTable?
        if let test { held = try Self.table(test, reading) }
        var (notes, names) = ([String](), table.classes().names)
        if let held {
            // Names must stand for the same numbers in both.
            let both = Set(table.classes().names ?? []).union(held.classes().names ?? [])
            if !both.isEmpty { names = both.sorted() }
        }
        let images = try Self.images(table, names, reading, &notes)
        let tests = try held.map { held throws(CoreError) in try Self.images(held, names, reading, &notes) }
        if let tests, tests.labels == nil, images.labels != nil, let test {
            notes.append(
                "the held-out images, in \(FileSystem.lastComponent(test)), have no labels: name "
                    + "\(FileSystem.lastComponent(train)) itself to hold out a tenth of it, with labels")
        }
        return ReadPictures(train: images, test: tests, classNames: names, notes: notes)
    }

    private static func images(
        _ table: CSVTable, _ names: [String]?, _ reading: Reading, _ notes: inout [String]
    ) throws(CoreError) -> ImageSet {
        guard let shape = table.layout?.shape else { preconditionFailure("a table without a line has no pictures") }
        let classes = table.classes()
        if let problem = classes.problem { notes.append("\(FileSystem.lastComponent(table.name)): \(problem)") }
        if table.isScaled {
            notes.append("\(FileSystem.lastComponent(table.name)): pixels from 0 to 1 are taken times 255")
        }
        var labels = classes.labels
        if let names, let own = labels {
            let texts = classes.names ?? table.labelTexts
            let places = texts.map { names.firstIndex(of: $0).map { UInt8(clamping: $0) } ?? 0 }
            labels = classes.names != nil ? own.map { places[Int($0)] } : table.labels.map { places[Int($0)] }
        }
        let set = ImageSet(shape: shape, pixels: table.pixels, labels: labels)
        return reading.transpose ? set.transposed() : set
    }

    /// Reads a table whole.
    /// - Throws: `CoreError(.data)` with the line and the column of what is wrong.
    private static func table(_ path: String, _ reading: Reading) throws(CoreError) -> CSVTable {
        var table = CSVTable(name: path, size: reading.size)
        let start = try FileSystem.readStart(path, kind: .data, count: 2)
        if Gzip.isGzip(start.bytes) {
            let packed = try FileSystem.read(path, kind: .data, limit: longestFile / 2)
            try Gzip.eachBlock(packed, place: path) { table.take($0) }
        } else {
            try FileSystem.eachBlock(path, kind: .data, size: 1 << 18) { table.take($0) }
        }
        try table.finish()
        return table
    }
}
