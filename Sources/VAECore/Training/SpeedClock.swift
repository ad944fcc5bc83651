import Foundation

/// Images per second, over about the last second.
struct SpeedClock {
    private var windowStart = DispatchTime.now().uptimeNanoseconds
    private var images = 0
    private(set) var imagesPerSecond = 0.0

    mutating func tick(images count: Int) {
        images += count
        let now = DispatchTime.now().uptimeNanoseconds
        let seconds = Double(now - windowStart) / 1e9
        guard seconds > 0.25 || imagesPerSecond == 0 else { return }
        let speed = Double(images) / max(seconds, 1e-6)
        imagesPerSecond = imagesPerSecond == 0 ? speed : imagesPerSecond + 0.4 * (speed - imagesPerSecond)
        windowStart = now
        images = 0
    }

    /// Ignores the time since the last tick, in which nothing was trained.
    mutating func skip() {
        windowStart = DispatchTime.now().uptimeNanoseconds
        images = 0
    }
}
