extension Unicode.Scalar {
    /// Columns the character takes on a terminal: 0 for what combines or is invisible, 2 for East Asian
    /// wide characters and emoji, else 1. Unlike `wcwidth` it does not depend on the locale.
    package var columnWidth: Int {
        if value < 0x300 { return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0xAD ? 0 : 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .unassigned: return 0
        default: break
        }
        if value >= 0x1160 && value <= 0x11FF { return 0 }
        return properties.isEmojiPresentation || Self.isWide(value) ? 2 : 1
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF,
            0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The Latin letters that stand for α to ω.
    private static let greek = Array("abgdezhqiklmnxoprsstufcyw".unicodeScalars)

    /// What to show instead on a terminal that has ASCII only.
    package var asciiFallback: Unicode.Scalar {
        if self == Cell.tail { return " " }
        if isASCII { return self }
        switch value {
        case 0x2500, 0x2501, 0x2504, 0x2508, 0x2574, 0x2576, 0x2010...0x2015, 0x2212: return "-"
        case 0x2502, 0x2503, 0x2506, 0x250A, 0x2575, 0x2577: return "|"
        case 0x250C...0x254F, 0x256D...0x2570: return "+"
        case 0x2550: return "="
        case 0x2551...0x256C: return "+"
        case 0x2580...0x2588, 0x2593, 0x25A0, 0x25AE: return "#"
        case 0x2589...0x258F, 0x2592: return ":"
        case 0x2591, 0x00B7, 0x2022, 0x2219: return "."
        case 0x2596...0x259F: return "#"
        case 0x25CF, 0x25C6, 0x25C9, 0x2605: return "*"
        case 0x25CB, 0x25C7, 0x25A1, 0x00B0: return "o"
        case 0x2191, 0x25B2, 0x25B4: return "^"
        case 0x2193, 0x25BC, 0x25BE: return "v"
        case 0x2190, 0x25C0, 0x25C2, 0x2039, 0x27E8: return "<"
        case 0x2192, 0x25B6, 0x25B8, 0x203A, 0x27E9: return ">"
        case 0x00D7: return "x"
        case 0x2026: return "~"
        case 0x2018, 0x2019: return "'"
        case 0x201C, 0x201D: return "\""
        case 0x00B5, 0x03BC: return "u"
        case 0x03B1...0x03C9: return Self.greek[Int(value - 0x03B1)]
        case 0x00B2: return "2"
        case 0x2713, 0x2714: return "v"
        case 0x2717, 0x2718, 0x2716: return "x"
        case 0x2299: return "*"
        case 0x2264: return "<"
        case 0x2265: return ">"
        case 0x00B1: return "+"
        case 0x2800: return " "
        case 0x2801...0x28FF: return "."
        default: return "?"
        }
    }
}
