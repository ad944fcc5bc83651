import CFloatMode
import Foundation
import Synchronization

/// A few threads that share the chunks of one piece of work at a time.
///
/// Chunks are claimed from a counter: when another process takes a core, the remaining workers do more of them,
/// and the work slows by that core's share and no more. The caller of `run` is one of the workers. Every worker
/// treats denormal floats as zero.
public final class Workers: @unchecked Sendable {
    /// Workers in all, the caller included.
    public let count: Int

    private typealias Body = (_ chunk: Int, _ worker: Int) -> Void

    private let condition = NSCondition()
    // Guarded by `condition`.
    private var generation = 0
    private var body: Body?
    private var chunkCount = 0
    private var running = 0
    private var stopped = false
    // The next chunk to claim.
    private let next = Atomic<Int>(0)

    /// Starts `count - 1` threads; they sleep until there is work and end with this object's `stop()`.
    public init(count: Int) {
        self.count = max(1, count)
        for worker in 1..<max(2, self.count) where self.count > 1 {
            let thread = Thread { [self] in serve(worker) }
            thread.name = "latent-worker-\(worker)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// The number of workers for a request of `threads`, or one a core when none is made (at most 16).
    public static func resolve(threads: Int?) -> Int {
        threads ?? min(16, ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Calls `body(chunk, worker)` once for each chunk in `0..<chunks`, and returns when all are done.
    ///
    /// `worker` is in `0..<count`, and no two calls with the same one overlap. Not reentrant, one caller at a time.
    public func run(chunks: Int, _ body: @escaping (_ chunk: Int, _ worker: Int) -> Void) {
        latent_flush_denormals()
        guard count > 1, chunks > 1 else {
            for chunk in 0..<chunks { body(chunk, 0) }
            return
        }
        condition.lock()
        self.body = body
        chunkCount = chunks
        running = count - 1
        next.store(0, ordering: .relaxed)
        generation += 1
        condition.broadcast()
        condition.unlock()
        claim(body, chunks: chunks, worker: 0)
        condition.lock()
        while running > 0 { condition.wait() }
        self.body = nil
        condition.unlock()
    }

    /// Ends the threads. `run` must not be called again.
    public func stop() {
        condition.lock()
        stopped = true
        condition.broadcast()
        condition.unlock()
    }

    private func claim(_ body: Body, chunks: Int, worker: Int) {
        while true {
            let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard chunk < chunks else { return }
            body(chunk, worker)
        }
    }

    private func serve(_ worker: Int) {
        latent_flush_denormals()
        var seen = 0
        while true {
            condition.lock()
            while generation == seen && !stopped { condition.wait() }
            if stopped {
                condition.unlock()
                return
            }
            seen = generation
            let body = self.body
            let chunks = chunkCount
            condition.unlock()
            if let body { claim(body, chunks: chunks, worker: worker) }
            condition.lock()
            running -= 1
            if running == 0 { condition.broadcast() }
            condition.unlock()
        }
    }
}
