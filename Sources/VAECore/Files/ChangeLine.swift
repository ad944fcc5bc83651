/// A change made to a run while it trained, as a line of `metrics.jsonl`.
package struct ChangeLine: Encodable, Sendable {
    private var change: TrainingChange

    /// The line for one change.
    package init(_ change: TrainingChange) { self.change = change }

    private enum Key: String, CodingKey { case event }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode("change", forKey: .event)
        try change.encode(to: encoder)
    }
}
