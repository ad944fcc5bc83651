/// The values of one quantity over a run, in bounded memory.
///
/// Of the whole run it keeps the least and the greatest of each stretch of steps, so that a spike of a
/// single step is still seen after a million; when full it joins neighbouring stretches. Of the last steps
/// it keeps every value.
package struct History: Sendable, Equatable {
    private struct Stretch: Sendable, Equatable {
        package var low, high, lowX, highX: Double
        package var lastX: Double
        package var smooth: Double
        package var count: Int
    }

    private let capacity: Int
    private let smoothing: Double
    private var stretches: [Stretch] = []
    private var stretchLength = 1
    private var recent: [(x: Double, y: Double, smooth: Double)] = []
    private var average = 0.0
    private var weight = 1.0
    /// Values ever appended.
    package private(set) var count = 0

    /// A history of at most `capacity` stretches and as many last values. `smoothing` 0…1 is the part of
    /// the exponential average that stays at each value.
    package init(capacity: Int = 1024, smoothing: Double = 0.98) {
        self.capacity = max(2, capacity & ~1)
        self.smoothing = smoothing.isFinite ? min(0.9999, max(0, smoothing)) : 0
    }

    package static func == (a: History, b: History) -> Bool {
        a.count == b.count && a.stretches == b.stretches && a.average == b.average && a.weight == b.weight
    }

    /// The first and the last step.
    package var steps: ClosedRange<Double>? {
        guard let first = stretches.first, let last = recent.last else { return nil }
        return min(first.lowX, first.highX, last.x)...last.x
    }

    /// The last value, finite or not.
    package var last: Double? { recent.last?.y }

    /// The exponential average of the finite values so far, without its bias to the start; `nil` before
    /// the first.
    package var smoothed: Double? { weight < 1 ? average / (1 - weight) : nil }

    /// Adds the value at a step; steps ascend.
    package mutating func append(x: Double, y: Double) {
        count += 1
        if y.isFinite {
            average = smoothing * average + (1 - smoothing) * y
            weight *= smoothing
        }
        let smooth = y.isFinite ? (smoothed ?? y) : .nan
        if recent.count >= 2 * capacity { recent.removeFirst(capacity) }
        recent.append((x, y, smooth))
        let bound = y.isFinite ? y : .nan
        let new = Stretch(low: bound, high: bound, lowX: x, highX: x, lastX: x, smooth: smooth, count: 1)
        if let end = stretches.indices.last, stretches[end].count < stretchLength {
            stretches[end] = History.join(stretches[end], new)
        } else {
            stretches.append(new)
            if stretches.count >= capacity { halve() }
        }
    }

    /// Removes the values at a step and beyond it. Of a stretch that reaches there all go.
    package mutating func cut(from x: Double) {
        let kept = recent.filter { $0.x < x }
        guard recent.count < count else {
            // Every value is still there.
            self = History(capacity: capacity, smoothing: smoothing)
            for value in kept { append(x: value.x, y: value.y) }
            return
        }
        stretches.removeAll { $0.lastX >= x }
        recent = kept
        count = stretches.reduce(0) { $0 + $1.count }
        // The last smoothed value counts as an average without a bias.
        if let smooth = stretches.last?.smooth, smooth.isFinite { (average, weight) = (smooth, 0) }
    }

    private mutating func halve() {
        stretches = stride(from: 0, to: stretches.count, by: 2).map { index in
            index + 1 < stretches.count ? History.join(stretches[index], stretches[index + 1]) : stretches[index]
        }
        stretchLength *= 2
    }

    private static func join(_ a: Stretch, _ b: Stretch) -> Stretch {
        var joined = a
        if a.low.isNaN || b.low < a.low { (joined.low, joined.lowX) = (b.low, b.lowX) }
        if a.high.isNaN || b.high > a.high { (joined.high, joined.highX) = (b.high, b.highX) }
        joined.lastX = b.lastX
        if b.smooth.isFinite { joined.smooth = b.smooth }
        joined.count += b.count
        return joined
    }

    /// The curve to draw between two steps, with the nearest point beyond each end: every value as far back as the
    /// last steps reach, else least and greatest of each stretch.
    package func points(in window: ClosedRange<Double>, smoothed: Bool = false) -> (x: [Double], y: [Double]) {
        let isWhole = recent.first.map { $0.x <= window.lowerBound } ?? true || recent.count == count
        let all = isWhole ? points(recent: recent.count, smoothed: smoothed) : points(smoothed: smoothed)
        let first = max(0, (all.x.firstIndex { $0 >= window.lowerBound } ?? all.x.count) - 1)
        let last = min(all.x.count, (all.x.lastIndex { $0 <= window.upperBound } ?? -1) + 2)
        guard first < last else { return ([], []) }
        return (Array(all.x[first..<last]), Array(all.y[first..<last]))
    }

    /// The curve to draw: of the whole run, least and greatest of each stretch in the order they came; or
    /// the last `recent` values. A stretch with no finite value is one not-a-number.
    package func points(recent length: Int? = nil, smoothed: Bool = false) -> (x: [Double], y: [Double]) {
        if let length, length <= recent.count || count == recent.count {
            let tail = recent.suffix(max(0, length))
            return (tail.map(\.x), tail.map { smoothed ? $0.smooth : $0.y })
        }
        var (x, y): ([Double], [Double]) = ([], [])
        for stretch in stretches {
            if smoothed || stretch.low == stretch.high || stretch.low.isNaN {
                x.append(stretch.lastX)
                y.append(smoothed ? stretch.smooth : stretch.low)
                continue
            }
            let lowFirst = stretch.lowX <= stretch.highX
            x += lowFirst ? [stretch.lowX, stretch.highX] : [stretch.highX, stretch.lowX]
            y += lowFirst ? [stretch.low, stretch.high] : [stretch.high, stretch.low]
        }
        guard let length, let end = x.last else { return (x, y) }
        let first = x.firstIndex { $0 > end - Double(length) } ?? 0
        return (Array(x[first...]), Array(y[first...]))
    }
}
