import Foundation

/// Numbers that an ONNX file keeps in another file, which must lie in its own folder.
enum ONNXExternal {
    /// - Throws: `CoreError(.model)` when the file lies elsewhere, or is shorter than it should be. Nothing is read then.
    static func read(
        _ location: String, folder: String, offset: Int, count: Int, _ tensor: String, _ place: String
    ) throws(CoreError) -> [UInt8] {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let path = FileSystem.join(folder, location)
        let realPath = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard !location.isEmpty, !parts.contains(".."), !parts.contains(""), !location.utf8.contains(0),
            realPath.hasPrefix(real == "/" ? "/" : real + "/")
        else {
            throw CoreError(
                .model, "tensor '\(tensor)': its numbers lie outside the folder of the file: refused", at: place,
                expected: "a file beside it", found: "'\(location)'")
        }
        let size = try FileSystem.readStart(path, kind: .model, count: 0).size
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw CoreError(
                .model, "tensor '\(tensor)': its numbers are not all in '\(location)'", at: place,
                expected: "\(count) bytes from byte \(offset)", found: "\(size) bytes")
        }
        return try FileSystem.readPart(path, kind: .model, from: offset, count: count)
    }
}
