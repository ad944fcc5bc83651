import CNcurses
import CTerminal
import Drawing
import Glibc

extension NcursesBackend {
    @discardableResult
    package func present(_ drawn: Canvas) -> Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, 0) == 1, request.revents & Int16(POLLOUT) != 0 else { return false }
        let canvas = drawn.readable(capabilities)
        if shown?.width != canvas.width || shown?.height != canvas.height {
            werase(nc_stdscr())
            shown = Canvas(width: canvas.width, height: canvas.height)
            drawChanges(in: canvas, whole: true)
        } else if !drawChanges(in: canvas, whole: false) {
            return true
        }
        shown = canvas
        wnoutrefresh(nc_stdscr())
        write {
            if synchronizes { send("\u{1B}[?2026h") }
            doupdate()
            if synchronizes { send("\u{1B}[?2026l") }
        }
        return true
    }

    /// Hands ncurses the runs of cells that differ from what is shown.
    /// - Returns: whether there were any.
    @discardableResult
    private func drawChanges(in canvas: Canvas, whole: Bool) -> Bool {
        let width = min(canvas.width, size.width)
        let height = min(canvas.height, size.height)
        guard width > 0, height > 0, let old = shown else { return whole }
        var changed = whole
        withUnsafeTemporaryAllocation(of: cchar_t.self, capacity: width) { run in
            canvas.cells.withUnsafeBufferPointer { new in
                old.cells.withUnsafeBufferPointer { old in
                    for y in 0..<height {
                        let row = y * canvas.width
                        var x = 0
                        while x < width {
                            guard new[row + x] != old[row + x] else {
                                x += 1
                                continue
                            }
                            let start = x
                            while x < width, new[row + x] != old[row + x] {
                                set(&run[x - start], to: new[row + x])
                                x += 1
                            }
                            _ = nc_draw(Int32(start), Int32(y), run.baseAddress!, Int32(x - start))
                            changed = true
                        }
                    }
                }
            }
        }
        return changed
    }

    private func set(_ target: inout cchar_t, to cell: Cell) {
        var scalar = cell.scalar
        if !scalar.isASCII {
            if !capabilities.unicode {
                scalar = scalar.asciiFallback
            } else if nc_column_width(scalar.value) != 1 {
                // ncurses would leave a hole where the C library does not know the character.
                scalar = "?"
            }
        } else if scalar.value < 0x20 || scalar.value == 0x7F {
            scalar = "?"
        }
        let attributes = cell.attributes
        let bits =
            attributes.isEmpty
            ? 0
            : nc_attributes(
                attributes.contains(.bold) ? 1 : 0, attributes.contains(.reverse) ? 1 : 0,
                attributes.contains(.underline) ? 1 : 0, attributes.contains(.dim) ? 1 : 0)
        nc_set_cell(&target, scalar.value, bits, colorPairs.number(of: cell))
    }

    /// Runs `body`, which writes to the terminal, so that a signal can free it from a stuck one.
    func write(_ body: () -> Void) {
        latent_terminal_begin_write(STDOUT_FILENO)
        body()
        latent_terminal_end_write()
    }

    /// Writes bytes to the terminal past ncurses.
    func send(_ bytes: String) {
        let bytes = Array(bytes.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// The numbers ncurses gave to pairs of colours. A pair gets its number when it is first drawn and keeps it:
/// changing one that is on screen would make ncurses search the whole screen.
struct ColorPairs {
    private let colors: ColorDepth
    private let limit: Int
    private var count = 1
    /// Pair number by foreground × 256 + background; -1 where there is none yet.
    private var numbers: [Int32]

    init(_ colors: ColorDepth, limit: Int) {
        self.colors = colors
        self.limit = limit
        numbers = Array(repeating: -1, count: colors == .none ? 0 : 65536)
        if colors != .none { numbers[0] = 0 }
    }

    @inline(__always)
    mutating func number(of cell: Cell) -> Int32 {
        guard colors != .none else { return 0 }
        let key = Int(cell.foregroundIndex) << 8 | Int(cell.backgroundIndex)
        let number = numbers[key]
        return number >= 0 ? number : add(key)
    }

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
