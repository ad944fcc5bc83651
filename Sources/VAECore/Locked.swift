import Foundation

/// A value that one thread at a time uses. Synchronization has such a type too, whose hand-over between waiting threads
/// the thread sanitizer does not see, so that it reports races that are none; it sees this one's.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: Value) { self.value = value }

    /// Runs `body` while no other thread is in here. It must not come back to this value.
    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
