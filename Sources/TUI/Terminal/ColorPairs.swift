import CNcurses
import Drawing

/// The numbers that ncurses gives to pairs of colours.
struct ColorPairs {
    private let colors: ColorDepth
    private let limit: Int
    private var count = 1
    /// Pair number by palette colours, foreground × 256 + background; -1 where there is none yet.
    private var numbers: [Int32]

    init(_ colors: ColorDepth, limit: Int) {
        self.colors = colors
        self.limit = limit
        numbers = Array(repeating: -1, count: colors == .none || colors == .truecolor ? 0 : 65536)
        if !numbers.isEmpty { numbers[0] = 0 }
    }

    @inline(__always)
    mutating func number(of cell: Cell) -> Int32 {
        switch colors {
        case .none: return 0
        case .truecolor: return Self.direct(cell)
        default:
            let key = Int(cell.front.index) << 8 | Int(cell.back.index)
            let number = numbers[key]
            return number >= 0 ? number : add(key)
        }
    }

    // MARK: Any colour

    /// ncurses finds the pair, or makes it, of the least recently used when there are too many.
    private static func direct(_ cell: Cell) -> Int32 {
        if cell.front == .own, cell.back == .own { return 0 }
        func number(_ color: Color) -> Int32 {
            if color == .own { return -1 }
            let (red, green, blue) = color.rgb
            return Int32(red << 16 | green << 8 | blue)
        }
        return max(0, alloc_pair(number(cell.front), number(cell.back)))
    }

    // MARK: The palette's colours

    /// A pair gets its number when it is first drawn and keeps it: changing one that is on screen would make ncurses search
    /// the whole screen.
    private mutating func add(_ key: Int) -> Int32 {
        let foreground = color(UInt8(key >> 8), .foreground)
        let background = color(UInt8(key & 0xFF), .background)
        if let number = shared(key, foreground, background) { return number }
        guard count < limit, init_extended_pair(Int32(count), foreground, background) != ERR else {
            // No pair is left: keep the background, which pictures are made of, or else nothing.
            numbers[key] = max(0, numbers[key & 0xFF])
            return numbers[key]
        }
        numbers[key] = Int32(count)
        count += 1
        return numbers[key]
    }

    /// On terminals with few colours many pairs of palette colours come out the same: they share a number.
    private mutating func shared(_ key: Int, _ foreground: Int32, _ background: Int32) -> Int32? {
        guard colors != .palette256 else { return nil }
        for number in 1..<Int32(max(1, count)) {
            var (f, b): (Int32, Int32) = (0, 0)
            extended_pair_content(number, &f, &b)
            if f == foreground, b == background {
                numbers[key] = number
                return number
            }
        }
        return nil
    }

    private func color(_ index: UInt8, _ ground: Ground) -> Int32 {
        if index == 0 { return -1 }
        return colors == .palette256 ? Int32(index) : Int32(Palette.reduced(index, to: colors, ground))
    }
}
