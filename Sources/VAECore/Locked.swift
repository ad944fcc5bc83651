import Foundation

/// A value that one thread at a time uses. The thread sanitizer does not understand Synchronization's `Mutex` and reports
/// races where there are none; it understands this type.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// Locks `value`.
    package init(_ value: Value) { self.value = value }

    /// Runs `body` with exclusive access. `body` must not use this object.
    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
