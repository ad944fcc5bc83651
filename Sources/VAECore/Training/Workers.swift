import CProcessor
import Foundation
import Synchronization

/// A few threads that share one piece of work at a time, divided into chunks.
///
/// Each worker owns every `count`-th chunk, so that it finds the same numbers in its cache at every step. A worker that
/// has finished its own chunks helps with the others': when another process takes a core, the work slows by that core's
/// share and no more. The caller of `run` is one of the workers. Every worker treats denormal floats as zero.
public final class Workers: @unchecked Sendable {
    /// The number of workers, including the caller.
    public let count: Int

    private typealias Body = (_ chunk: Int, _ worker: Int) -> Void

    // The work. The caller of `run` writes it before it raises `generation`; workers read it after they see that.
    private var body: Body?
    private var chunkCount = 0
    /// Pieces of work begun so far.
    private let generation = Atomic<Int>(0)
    /// For each worker, the next of its chunks to claim (`worker`, `worker + count`, …); a cache line apart.
    private let next: UnsafeMutablePointer<Atomic<Int>>
    private static let apart = 8
    /// Threads started, not counting the caller's.
    private var started = 0
    /// Workers that have not finished the current work, not counting the caller.
    private let running = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    /// Wakes threads that have stopped spinning and sleep.
    private let condition = NSCondition()

    /// How long a thread spins before it sleeps. Waking one takes about 50 µs; a phase of a step, about a millisecond.
    private static let patience: UInt64 = 100_000  // nanoseconds

    /// Starts `count - 1` threads, which sleep until there is work and end with `stop()`. If the system starts fewer,
    /// those share the work.
    public convenience init(count: Int) { self.init(count: count, start: startThread) }

    /// - Parameter start: starts a thread that runs the closure; false when the system cannot.
    package init(count: Int, start: (@escaping @Sendable () -> Void) -> Bool) {
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

    /// The number of workers: `threads` or, if nil, one per core (at most 16).
    public static func resolve(threads: Int?) -> Int {
        threads ?? min(16, ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Checks a number of threads.
    /// - Throws: `CoreError(.configuration)` naming `--threads`, unless it is 1 to 256.
    public static func check(threads: Int) throws(CoreError) {
        guard !(1...256).contains(threads) else { return }
        throw CoreError(
            .configuration, "value out of range", at: "--threads", expected: "1 to 256", found: "\(threads)")
    }

    /// Calls `body(chunk, worker)` once for each chunk in `0..<chunks`, and returns when all are done.
    ///
    /// `worker` is in `0..<count`; calls with the same worker do not overlap. Not reentrant; one caller at a time.
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

    /// Makes a change and wakes the threads that may be waiting for it.
    private func announce(_ change: () -> Void) {
        condition.lock()
        change()
        condition.broadcast()
        condition.unlock()
    }

    /// Returns once `isOver`: spins for a while, then sleeps until a change is announced.
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
