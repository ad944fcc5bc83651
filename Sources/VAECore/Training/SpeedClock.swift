import Foundation

/// Images per second of training, over about the last quarter of a second in which it trained.
struct SpeedClock {
    /// When the last step ended, or training went on; nil before the first step, which is slower than those after it.
    private var last: UInt64?
    private var seconds = 0.0
    private var images = 0
    private(set) var imagesPerSecond = 0.0
    /// Whether a whole window has been measured.
    private var isSettled = false

    /// A step with `count` images has ended.
    mutating func tick(images count: Int, now: UInt64 = DispatchTime.now().uptimeNanoseconds) {
        defer { last = now }
        guard let last else { return }
        seconds += Double(now - last) / 1e9
        images += count
        let speed = Double(images) / max(seconds, 1e-9)
        guard seconds > 0.25 else {
            if !isSettled { imagesPerSecond = speed }
            return
        }
        imagesPerSecond = isSettled ? imagesPerSecond + 0.4 * (speed - imagesPerSecond) : speed
        isSettled = true
        (seconds, images) = (0, 0)
    }

    /// Ignores the time since the last tick, in which nothing was trained.
    mutating func skip(now: UInt64 = DispatchTime.now().uptimeNanoseconds) {
        if last != nil { last = now }
    }
}
