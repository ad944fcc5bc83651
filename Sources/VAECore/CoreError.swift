import PlainText

/// What went wrong in the core, where, and what mends it.
///
/// Every error the core throws is one of these. `description` is a single line that is safe to print on a
/// terminal: text that came from outside (file names, metadata) is sanitized there.
public struct CoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The part of the core that refused.
    public enum Kind: String, Sendable, Equatable {
        /// A data set or one of its files.
        case data
        /// A model file, or a model that does not fit what is asked of it.
        case model
        /// A configuration that cannot be built or trained.
        case configuration
        /// The file system said no.
        case file
        /// Training stopped because a number left the finite range.
        case training
    }

    public var kind: Kind
    /// What is wrong, in a few words: "truncated IDX file".
    public var what: String
    /// The file, tensor, option or layer concerned.
    public var place: String
    /// What would have been right, when that can be said.
    public var expected: String?
    /// What was there instead.
    public var found: String?
    /// What the person can do next.
    public var remedy: String?

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
