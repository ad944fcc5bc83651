import Glibc

/// Numbers as short text for axes, legends and tables.
package enum NumberText {
    /// The value with about `digits` significant digits; `1.2e+38` where plain digits would be long,
    /// `nan` and `inf` where there is no number.
    package static func short(_ value: Double, digits: Int = 4) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return "0" }
        let size = abs(value)
        var exponent = Int(log10(size).rounded(.down))
        if exponent < -3 || exponent > 6 {
            var mantissa = size / pow(10, Double(exponent))
            // Below the smallest power of ten that Double has, the division is inexact: bring it back.
            if !mantissa.isFinite || mantissa >= 10 || mantissa < 1 { mantissa = min(9.99, max(1, mantissa)) }
            var text = fixed(mantissa, decimals: max(0, digits - 2))
            if text.hasPrefix("10") { (text, exponent) = ("1", exponent + 1) }
            if text.contains(".") {
                while text.hasSuffix("0") { text.removeLast() }
                if text.hasSuffix(".") { text.removeLast() }
            }
            return (value < 0 ? "-" : "") + text + "e" + (exponent < 0 ? "-" : "+") + "\(abs(exponent))"
        }
        return fixed(value, decimals: max(0, digits - 1 - exponent - (exponent < 0 ? 1 : 0)))
    }

    /// As `short`, without zeros at the end: for settings, which are round.
    package static func plain(_ value: Double) -> String {
        var text = short(value)
        guard text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// The value with a fixed number of decimals, as far as it fits 15 digits.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return short(value) }
        var places = max(0, min(12, decimals))
        var scaled = (abs(value) * pow(10, Double(places))).rounded()
        while scaled >= 1e15, places > 0 {
            places -= 1
            scaled = (abs(value) * pow(10, Double(places))).rounded()
        }
        guard scaled < 1e15 else { return short(value) }
        var text = String(Int(scaled))
        if places > 0 {
            if text.count <= places { text = String(repeating: "0", count: places + 1 - text.count) + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
        }
        return (value < 0 && scaled > 0 ? "-" : "") + text
    }

    /// A count with `k`, `M` or `G`: for steps along an axis.
    package static func count(_ value: Double) -> String {
        guard value.isFinite else { return short(value) }
        let size = abs(value)
        for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e4, "k")] where size >= unit && size < 1e15 {
            let scale = name == "k" ? 1e3 : unit
            let whole = (value / scale).rounded() * scale == value
            return fixed(value / scale, decimals: whole ? 0 : 1) + name
        }
        return size == size.rounded() && size < 1e4 ? fixed(value, decimals: 0) : plain(value)
    }
}

/// Nats with two decimals.
package func nats(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }

/// The same in seven columns at least, for figures below one another.
package func alignedNats(_ value: Double) -> String {
    let text = nats(value)
    return String(repeating: " ", count: max(0, 7 - text.count)) + text
}
