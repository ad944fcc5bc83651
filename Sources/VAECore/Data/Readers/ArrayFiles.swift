/// Files of arrays: NumPy's `.npy` and `.npz`, and safetensors.
enum ArrayFiles {
    private static let longestFile = 2 << 30

    /// The arrays in a file that begins with `start`; nil if it holds none.
    /// - Throws: `CoreError(.data)` when the file is damaged, or what it claims does not fit.
    static func arrays(_ path: String, start: [UInt8]) throws(CoreError) -> [PixelArray]? {
        let stem = String(FileSystem.lastComponent(path).prefix { $0 != "." })
        if NumPyArray.recognises(start) {
            let head = try FileSystem.readStart(path, kind: .data, count: NumPyArray.startLength)
            return [
                try NumPyArray.array(start: head.bytes, size: head.size, name: stem, place: path) { () throws(CoreError) in
                    try FileSystem.read(path, kind: .data, limit: longestFile)
                }
            ]
        }
        if start.starts(with: [0x50, 0x4b, 0x03, 0x04]) {
            let archive = try ZipArchive(path: path, kind: .data)
            let entries = archive.entries.filter { $0.name.hasSuffix(".npy") }
            if entries.isEmpty { return nil }
            return try entries.map { entry throws(CoreError) in try array(entry, of: archive, stem: stem) }
        }
        guard path.hasSuffix(".safetensors"), start.count > 8, start[8] == UInt8(ascii: "{") else { return nil }
        return try tensors(path)
    }

    private static func array(
        _ entry: ZipArchive.Entry, of archive: ZipArchive, stem: String
    ) throws(CoreError) -> PixelArray {
        let name = String(entry.name.dropLast(".npy".count))
        // numpy.savez calls an array without a name arr_0: the file's own name says more.
        let isNameless = name.hasPrefix("arr_") && archive.entries.count == 1
        return try NumPyArray.array(
            start: archive.read(entry, count: min(entry.size, NumPyArray.startLength)), size: entry.size,
            name: isNameless ? stem : name, place: "\(archive.path): \(name)"
        ) { () throws(CoreError) in try archive.read(entry) }
    }

    private static func tensors(_ path: String) throws(CoreError) -> [PixelArray] {
        let types: [String: PixelArray.Element] = [
            "U8": .init(kind: .unsigned, width: 1), "BOOL": .init(kind: .bool, width: 1),
            "I8": .init(kind: .signed, width: 1), "I16": .init(kind: .signed, width: 2),
            "I32": .init(kind: .signed, width: 4), "I64": .init(kind: .signed, width: 8),
            "U16": .init(kind: .unsigned, width: 2), "U32": .init(kind: .unsigned, width: 4),
            "F16": .init(kind: .float, width: 2), "BF16": .init(kind: .brain, width: 2),
            "F32": .init(kind: .float, width: 4), "F64": .init(kind: .float, width: 8),
        ]
        let file: SafetensorsFile
        do throws(CoreError) {
            file = try SafetensorsFile.readHeader(path: path)
        } catch {
            var error = error
            error.kind = .data
            throw error
        }
        let start = file.dataStart
        return file.tensors.compactMap { tensor in
            guard let type = types[tensor.dtype], tensor.count > 0 else { return nil }
            return PixelArray(place: "\(path): \(tensor.name)", name: tensor.name, shape: tensor.shape, type: type) {
                () throws(CoreError) in
                try FileSystem.readPart(path, kind: .data, from: start + tensor.range.lowerBound, count: tensor.range.count)[...]
            }
        }
    }
}
