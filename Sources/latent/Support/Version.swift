import CBuild
import Foundation

/// Which program this is.
enum Version {
    /// What run folders record: the same for every build of a version, for a run may be continued with another build.
    static let name = "latent 0.1.0"

    /// What `--version` prints: with the commit and the kind of build.
    static let full: String = {
        let build = isDebug ? "debug build" : "release build"
        return "\(name) (\(origin.map { "\($0), \(build)" } ?? build))"
    }()

    /// The commit that is linked into a packaged program; else that of the source folder that the program is in, which
    /// may have gone on since the build. Nothing else is known without a build plugin, which would compile a file anew
    /// at each commit.
    private static var origin: String? {
        let packaged = String(cString: latent_build_commit())
        if !packaged.isEmpty { return "commit \(packaged)" }
        guard let folder = Surroundings.sourceFolder, let commit = GitFolder.commit(of: folder) else { return nil }
        return "source folder at \(commit)"
    }

    private static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }
}

/// What can be read of a Git repository without Git.
enum GitFolder {
    /// The first twelve digits of the commit that is checked out in a working folder; nil if there is no telling.
    static func commit(of folder: String) -> String? {
        var git = folder + "/.git"
        // In a linked working folder, .git is a file that names the folder.
        if let link = line(of: git), link.hasPrefix("gitdir: ") {
            let path = String(link.dropFirst("gitdir: ".count))
            git = path.hasPrefix("/") ? path : folder + "/" + path
        }
        guard let head = line(of: git + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return hash(head) }
        let reference = String(head.dropFirst("ref: ".count))
        guard !reference.split(separator: "/").contains("..") else { return nil }
        // A linked working folder shares its branches with the first one.
        let common = line(of: git + "/commondir").map { $0.hasPrefix("/") ? $0 : git + "/" + $0 } ?? git
        return line(of: common + "/" + reference).flatMap(hash) ?? packed(reference, in: common)
    }

    private static func packed(_ reference: String, in git: String) -> String? {
        let lines = text(of: git + "/packed-refs")?.split(separator: "\n") ?? []
        return lines.first { $0.hasSuffix(" " + reference) }.flatMap { hash(String($0.prefix { $0 != " " })) }
    }

    private static func hash(_ text: String) -> String? {
        let isHash = text.utf8.count >= 40 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
        return isHash ? String(text.prefix(12)) : nil
    }

    private static func line(of path: String) -> String? { text(of: path)?.split(separator: "\n").first.map(String.init) }

    /// The text of a file, nil if it is no file or longer than any that Git writes here.
    private static func text(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 24 else { return nil }
        return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
