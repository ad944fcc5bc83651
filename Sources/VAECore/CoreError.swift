import PlainText

/// What went wrong, where, and what to do about it. Every error that VAECore throws is one of these.
///
/// `description` is a single line that is safe to print on a terminal: text from outside (file names, metadata) is
/// sanitized in it.
public struct CoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the error is about.
    public enum Kind: String, Sendable, Equatable {
        /// A data set or one of its files.
        case data
        /// A model file, or a model that cannot do what is asked of it.
        case model
        /// A configuration that cannot be built or trained.
        case configuration
        /// The file system.
        case file
        /// A training run that diverged.
        case training
    }

    /// What the error is about.
    public var kind: Kind
    /// What is wrong, in a few words: "truncated IDX file".
    public var what: String
    /// The file, tensor, option or layer concerned.
    public var place: String
    /// What would have been right, where that can be said.
    public var expected: String?
    /// What was found instead.
    public var found: String?
    /// What the user can do next.
    public var remedy: String?

    /// An error; each value as in the property of its name.
    public init(
        _ kind: Kind, _ what: String, at place: String, expected: String? = nil, found: String? = nil,
        remedy: String? = nil
    ) {
        self.kind = kind
        self.what = what
        self.place = place
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    /// `place: what (expected …, found …); remedy`, on one line that is safe to print.
    public var description: String {
        var line = "\(place): \(what)"
        switch (expected, found) {
        case let (expected?, found?): line += " (expected \(expected), found \(found))"
        case let (expected?, nil): line += " (expected \(expected))"
        case let (nil, found?): line += " (found \(found))"
        case (nil, nil): break
        }
        if let remedy { line += "; \(remedy)" }
        return sanitize(line)
    }
}
