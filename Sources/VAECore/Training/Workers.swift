import CProcessor
import Foundation
import Synchronization

/// A few threads that share the chunks of one piece of work at a time.
///
/// Each worker has its own share of the chunks, every `count`-th, so that from step to step it finds the same numbers
/// in its cache; one that is done with its share goes on with the others'. So when another process takes a core, the
/// remaining workers do more, and the work slows by that core's share and no more. The caller of `run` is one of the
/// workers. Every worker treats denormal floats as zero.
public final class Workers: @unchecked Sendable {
    /// Workers in all, the caller included.
    public let count: Int

    private typealias Body = (_ chunk: Int, _ worker: Int) -> Void

    // What is to be done. Written by the caller of `run` before it raises `generation`, read by workers after they
    // have seen it raised.
    private var body: Body?
    private var chunkCount = 0
    /// The pieces of work begun so far.
    private let generation = Atomic<Int>(0)
    /// For each worker, the next chunk of its share to claim: chunks `worker`, `worker + count` and so on. They lie a
    /// cache line apart.
    private let next: UnsafeMutablePointer<Atomic<Int>>
    private static let apart = 8
    /// Threads there are, the caller's apart.
    private var started = 0
    /// Workers, the caller apart, that have not finished the piece under way.
    private let running = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    /// For those who have waited in a loop long enough and sleep.
    private let condition = NSCondition()

    /// How long a thread waits in a loop before it sleeps. To be woken takes some 50 µs, a phase of a step about a
    /// millisecond.
    private static let patience: UInt64 = 100_000  // nanoseconds

    /// Starts `count - 1` threads; they sleep until there is work and end with this object's `stop()`. Where the
    /// system gives fewer threads, those there are do the work.
    public convenience init(count: Int) { self.init(count: count, start: startThread) }

    /// - Parameter start: starts a thread that runs the closure; false when the system gives none.
    public init(count: Int, start: (@escaping @Sendable () -> Void) -> Bool) {
        self.count = max(1, count)
        next = .allocate(capacity: self.count * Self.apart)
        for i in 0..<self.count * Self.apart { (next + i).initialize(to: Atomic(0)) }
        for worker in 1..<max(2, self.count) where self.count > 1 {
            if start({ [self] in serve(worker) }) { started += 1 }
        }
    }

    deinit {
        next.deinitialize(count: count * Self.apart)
        next.deallocate()
    }

    /// The number of workers for a request of `threads`, or one a core when none is made (at most 16).
    public static func resolve(threads: Int?) -> Int {
        threads ?? min(16, ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Refuses a number of threads that nobody means.
    /// - Throws: `CoreError(.configuration)` naming `--threads`.
    public static func check(threads: Int) throws(CoreError) {
        guard !(1...256).contains(threads) else { return }
        throw CoreError(
            .configuration, "value out of range", at: "--threads", expected: "1 to 256", found: "\(threads)")
    }

    /// Calls `body(chunk, worker)` once for each chunk in `0..<chunks`, and returns when all are done.
    ///
    /// `worker` is in `0..<count`, and no two calls with the same one overlap. Not reentrant, one caller at a time.
    public func run(chunks: Int, _ body: @escaping (_ chunk: Int, _ worker: Int) -> Void) {
        latent_flush_denormals()
        guard started > 0, chunks > 1 else {
            for chunk in 0..<chunks { body(chunk, 0) }
            return
        }
        self.body = body
        chunkCount = chunks
        running.store(started, ordering: .relaxed)
        for worker in 0..<count { next[worker * Self.apart].store(worker, ordering: .relaxed) }
        announce { generation.wrappingAdd(1, ordering: .releasing) }
        claim(body, chunks: chunks, worker: 0)
        wait(until: { running.load(ordering: .acquiring) == 0 })
        self.body = nil
    }

    /// Ends the threads. `run` must not be called again.
    public func stop() {
        announce { stopped.store(true, ordering: .releasing) }
    }

    /// Makes a change that somebody may be waiting for.
    private func announce(_ change: () -> Void) {
        condition.lock()
        change()
        condition.broadcast()
        condition.unlock()
    }

    /// Returns when `isOver`: watches for a while, then sleeps until something is announced.
    private func wait(until isOver: () -> Bool) {
        let start = DispatchTime.now().uptimeNanoseconds
        repeat {
            for _ in 0..<32 {
                if isOver() { return }
                latent_wait_hint()
            }
        } while DispatchTime.now().uptimeNanoseconds - start < Self.patience
        condition.lock()
        while !isOver() { condition.wait() }
        condition.unlock()
    }

    private func claim(_ body: Body, chunks: Int, worker: Int) {
        for owner in 0..<count {
            let share = (worker + owner) % count
            while true {
                let chunk = next[share * Self.apart].wrappingAdd(count, ordering: .relaxed).oldValue
                guard chunk < chunks else { break }
                body(chunk, worker)
            }
        }
    }

    private func serve(_ worker: Int) {
        latent_flush_denormals()
        var seen = 0
        while true {
            wait(until: { generation.load(ordering: .acquiring) != seen || stopped.load(ordering: .acquiring) })
            if stopped.load(ordering: .acquiring) { return }
            seen = generation.load(ordering: .acquiring)
            if let body { claim(body, chunks: chunkCount, worker: worker) }
            if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { announce {} }
        }
    }
}
