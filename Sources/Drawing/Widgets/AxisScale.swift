import Glibc

/// Where values lie along an axis, linear or logarithmic, and where its labels go.
///
/// Safe for any finite range: values beyond ±1e300 are brought back, a range of one value is widened.
package struct AxisScale: Equatable {
    package let isLogarithmic: Bool
    /// The ends, as logarithms to base ten on a logarithmic axis.
    package let low, high: Double

    private static let limit = 1e300

    /// An axis that holds all of `values` that it can show, with a little room.
    package init(covering values: some Sequence<Double>, isLogarithmic: Bool) {
        var low = Double.infinity
        var high = -Double.infinity
        for value in values {
            guard let place = AxisScale.place(value, isLogarithmic) else { continue }
            low = min(low, place)
            high = max(high, place)
        }
        self.init(low: low, high: high, margin: 0.04, isLogarithmic: isLogarithmic)
    }

    /// An axis between two places (logarithms on a logarithmic axis), widened by `margin` of its length.
    package init(low: Double, high: Double, margin: Double = 0, isLogarithmic: Bool = false) {
        self.isLogarithmic = isLogarithmic
        guard low.isFinite, high.isFinite, low <= high else {
            (self.low, self.high) = (0, 1)
            return
        }
        let room = high - low
        let extra = room > abs(high) * 1e-12 ? room * margin : max(abs(high) * 0.05, isLogarithmic ? 0.5 : 1e-3)
        (self.low, self.high) = (low - extra, high + extra)
    }

    private static func place(_ value: Double, _ isLogarithmic: Bool) -> Double? {
        guard value.isFinite else { return nil }
        if isLogarithmic { return value > 0 ? log10(value) : nil }
        return min(limit, max(-limit, value))
    }

    /// Where a value lies, 0 at the low end and 1 at the high; `nil` for what the axis cannot show.
    package func fraction(_ value: Double) -> Double? {
        guard let place = AxisScale.place(value, isLogarithmic) else { return nil }
        let fraction = (place - low) / (high - low)
        return fraction.isFinite ? fraction : nil
    }

    /// About `count` round values inside the axis with their texts, ascending: as short as tells them apart.
    package func labels(_ count: Int) -> [(value: Double, text: String)] {
        let ticks = ticks(count)
        let step = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.min() ?? abs(ticks.first ?? 1)
        let decimals = step > 0 && step < 1 && !isLogarithmic ? Int((-log10(step)).rounded(.up)) : 0
        var labels: [(value: Double, text: String)] = []
        for tick in ticks {
            let text = decimals > 0 && decimals < 7 ? NumberText.fixed(tick, decimals: decimals) : NumberText.count(tick)
            if text != labels.last?.text { labels.append((tick, text)) }
        }
        return labels
    }

    /// About `count` round values inside the axis, ascending.
    package func ticks(_ count: Int) -> [Double] {
        guard count > 0 else { return [] }
        return isLogarithmic && high - low >= 1 ? decades(count) : round(count)
    }

    private func decades(_ count: Int) -> [Double] {
        let first = low.rounded(.up)
        let stride = max(1, ((high - low) / Double(count)).rounded(.up))
        return (0..<64).map { first + Double($0) * stride }.filter { $0 <= high }.map { pow(10, $0) }
    }

    private func round(_ count: Int) -> [Double] {
        let start = isLogarithmic ? pow(10, low) : low
        let end = isLogarithmic ? pow(10, high) : high
        let rough = (end - start) / Double(count)
        guard rough > 0, rough.isFinite else { return [] }
        let power = pow(10, log10(rough).rounded(.down))
        guard power > 0, power.isFinite else { return [] }
        let step = [1, 2, 5, 10].first { Double($0) * power >= rough * 0.999 }.map { Double($0) * power } ?? rough
        let first = (start / step).rounded(.up) * step
        return (0..<64).map { first + Double($0) * step }
            .filter { $0.isFinite && $0 <= end && $0 >= start }
            .map { abs($0) < step * 1e-9 ? 0 : $0 }
    }
}
