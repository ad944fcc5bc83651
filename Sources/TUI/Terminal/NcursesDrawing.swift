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
                            // A wide character is drawn whole, or not at all.
                            if new[row + x].isTail, x > 0 { x -= 1 }
                            let start = x
                            var count = 0
                            while x < width, x == start || new[row + x] != old[row + x] {
                                let cell = new[row + x]
                                let isWide = x + 1 < width && new[row + x + 1].isTail
                                set(&run[count], to: cell, isWide: isWide)
                                (count, x) = (count + 1, x + 1)
                                guard isWide else { continue }
                                // ncurses itself gives a wide character its second column, where it knows it for one.
                                if !isKnownWide(cell) {
                                    set(&run[count], to: new[row + x])
                                    count += 1
                                }
                                x += 1
                            }
                            _ = nc_draw(Int32(start), Int32(y), run.baseAddress!, Int32(count))
                            changed = true
                        }
                    }
                }
            }
        }
        return changed
    }

    private func isKnownWide(_ cell: Cell) -> Bool { capabilities.unicode && nc_column_width(cell.scalar.value) == 2 }

    private func set(_ target: inout cchar_t, to cell: Cell, isWide: Bool = false) {
        var scalar = cell.scalar
        if !scalar.isASCII {
            if !capabilities.unicode {
                scalar = scalar.asciiFallback
            } else if nc_column_width(scalar.value) != (isWide ? 2 : 1) {
                // ncurses would leave a hole where the C library does not know the character.
                scalar = "?"
            }
        } else if cell.isTail {
            scalar = " "
        } else if scalar.value < 0x20 || scalar.value == 0x7F {
            scalar = "?"
        }
        nc_set_cell(&target, scalar.value, attributeBits(cell), colorPairs.number(of: cell))
    }

    private func attributeBits(_ cell: Cell) -> UInt32 {
        let attributes = cell.attributes
        return attributes.isEmpty
            ? 0
            : nc_attributes(
                attributes.contains(.bold) ? 1 : 0, attributes.contains(.reverse) ? 1 : 0,
                attributes.contains(.underline) ? 1 : 0, attributes.contains(.dim) ? 1 : 0)
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
