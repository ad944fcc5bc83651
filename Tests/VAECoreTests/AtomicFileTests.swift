import Foundation
import Testing
import VAECore

@Suite struct AtomicFileTests {
    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func writesAndReplaces() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1, 2, 3], to: folder.file("a"))
        #expect(try contents(folder.file("a")) == [1, 2, 3])
        try AtomicFile.write([], to: folder.file("a"))
        #expect(try contents(folder.file("a")) == [])
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(large, to: folder.file("a"))
        #expect(try contents(folder.file("a")) == large && folder.names == ["a"])
    }

    @Test(arguments: [0o640, 0o755, 0o600])
    func keepsTheMode(bits: Int) throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("a"))
        try FileManager.default.setAttributes([.posixPermissions: bits], ofItemAtPath: folder.file("a"))
        try AtomicFile.write([2], to: folder.file("a"))
        #expect(try mode(folder.file("a")) == bits && contents(folder.file("a")) == [2])
    }

    @Test func followsLinks() throws {
        let folder = try TemporaryFolder()
        _ = try folder.folder("sub")
        try AtomicFile.write([1], to: folder.file("sub/real"))
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.file("sub/second"), withDestinationPath: "real")
        try manager.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "sub/second")
        try AtomicFile.write([2], to: folder.file("link"))
        #expect(try contents(folder.file("sub/real")) == [2])
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.file("link")) == "sub/second")
        // A broken link: its target is created.
        try manager.createSymbolicLink(atPath: folder.file("dangling"), withDestinationPath: folder.file("sub/new"))
        try AtomicFile.write([3], to: folder.file("dangling"))
        #expect(try contents(folder.file("sub/new")) == [3])
        try manager.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: "loop")
        #expect(refusal { try AtomicFile.write([3], to: folder.file("loop")) }.contains("symbolic links"))
    }

    @Test func errorsNameTheReasonAndLeaveNothing() throws {
        let folder = try TemporaryFolder()
        _ = try folder.folder("sub")
        #expect(refusal { try AtomicFile.write([1], to: folder.file("sub")) }.contains("Is a directory"))
        let text = refusal { try AtomicFile.write([1], to: folder.file("none/a")) }
        #expect(text.contains("No such file or directory; does the folder exist?"), "\(text)")
        #expect(folder.names == ["sub"])
        #expect(
            refusal { try AtomicFile.write([1], to: "/proc/latent") }.contains("/proc/latent: cannot write the file"))
    }

    @Test func aFailedWriteKeepsTheOldFile() throws {
        // A target name that is too long: everything succeeds up to the rename.
        let folder = try TemporaryFolder()
        let name = String(repeating: "x", count: 300)
        #expect(refusal { try AtomicFile.write([1], to: folder.file(name)) }.contains("File name too long"))
        #expect(folder.names == [])
        // /dev/full says "no space" to every write; a device is never replaced by a file.
        #expect(refusal { try AtomicFile.write([1], to: "/dev/full") }.contains("No space left"))
        try AtomicFile.write([1], to: "/dev/null")
        #expect(
            try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                == .typeCharacterSpecial)
    }

    @Test func sweepsWhatDeadProcessesLeft() throws {
        let folder = try TemporaryFolder()
        let stale = [".latent-999999999-1.tmp", ".latent-\(ProcessInfo.processInfo.processIdentifier)-77.tmp"]
        let others = [".latent-1-1.tmp", ".latent-x-1.tmp", ".latent-5.tmp", "a.tmp", "model.safetensors"]
        for name in stale + others {
            try Data([1]).write(to: URL(fileURLWithPath: folder.file(name)))
        }
        try AtomicFile.write([1], to: folder.file("new"))
        #expect(folder.names == (others + ["new"]).sorted())
        _ = FileManager.default.createFile(atPath: folder.file(stale[0]), contents: nil)
        #expect(AtomicFile.sweep(folder: folder.path) == 1)
        #expect(AtomicFile.sweep(folder: folder.file("none")) == 0)
    }

    @Test func manyWritersLeaveOneWholeFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for _ in 0..<20 { try AtomicFile.write([UInt8](repeating: UInt8(writer), count: 50_000), to: path) }
                }
            }
            try await group.waitForAll()
        }
        let bytes = try contents(path)
        #expect(bytes.count == 50_000 && Set(bytes).count == 1 && folder.names == ["a"])
    }
}
