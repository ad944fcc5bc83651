import PlainText

/// A grid of cells that screens draw on and a terminal backend presents.
///
/// Drawing outside is ignored, so nothing that draws needs to know where the screen ends.
package struct Canvas: Equatable, Sendable {
    package let width: Int
    package let height: Int
    /// Row-major, `width × height`.
    @usableFromInline
    package internal(set) var cells: [Cell]

    /// A canvas of `width × height` cells (negative sizes count as 0), each equal to `cell`.
    package init(width: Int, height: Int, filledWith cell: Cell = .blank) {
        self.width = max(0, width)
        self.height = max(0, height)
        cells = Array(repeating: cell, count: self.width * self.height)
    }

    /// The whole canvas.
    @inlinable
    package var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// The cell at column `x`, row `y`; blank outside, where writing does nothing.
    @inlinable
    package subscript(x: Int, y: Int) -> Cell {
        get { bounds.contains(x, y) ? cells[y * width + x] : .blank }
        set {
            guard bounds.contains(x, y) else { return }
            cells[y * width + x] = newValue
        }
    }

    /// Sets every cell of `rect`.
    package mutating func fill(_ rect: Rect, with cell: Cell = .blank) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for index in (y * width + area.x)..<(y * width + area.maxX) { cells[index] = cell }
        }
    }

    /// Draws one line of text from (x, y), cut to `clip` and to the canvas.
    ///
    /// The text is sanitized; a wide character takes two cells or, where the second would be cut off, is a space; what takes
    /// no column is left out. A style without background keeps what is below.
    /// - Returns: the column after the last character, as if nothing had been cut.
    @discardableResult
    package mutating func text(
        _ string: some StringProtocol, x: Int, y: Int, _ style: Style = .plain, clip: Rect? = nil
    ) -> Int {
        var column = x
        let area = clip.map { $0.intersection(bounds) } ?? bounds
        let visible = y >= area.y && y < area.maxY
        func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }
        let clean = string.utf8.allSatisfy(isPlain) ? String(string) : sanitize(string)
        for scalar in clean.unicodeScalars.composingHangul {
            let columns = scalar.columnWidth
            if columns == 0 { continue }
            if visible {
                let isWhole = column >= area.x && column + columns <= area.maxX
                for part in 0..<columns where column + part >= area.x && column + part < area.maxX {
                    put(!isWhole ? " " : part == 0 ? scalar : Cell.tail, at: y * width + column + part, style)
                }
            }
            column += columns
        }
        return column
    }

    private mutating func put(_ scalar: Unicode.Scalar, at index: Int, _ style: Style) {
        let below = cells[index].back
        cells[index] = Cell(scalar, style)
        if style.background == nil { cells[index].back = below }
    }

    /// Draws text that ends just before column `x`.
    package mutating func text(
        _ string: String, endingAt x: Int, y: Int, _ style: Style = .plain, clip: Rect? = nil
    ) {
        text(string, x: x - Canvas.columns(of: string), y: y, style, clip: clip)
    }

    /// Draws text in the middle of the row `y` of `rect`, counted from its top.
    package mutating func text(_ string: String, centeredIn rect: Rect, row: Int = 0, _ style: Style = .plain) {
        let start = rect.x + max(0, (rect.width - Canvas.columns(of: string)) / 2)
        text(string, x: start, y: rect.y + row, style, clip: rect)
    }

    /// Columns `text` takes when drawn.
    package static func columns(of text: String) -> Int {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            ? text.utf8.count
            : sanitize(text).unicodeScalars.composingHangul.reduce(0) { $0 + $1.columnWidth }
    }

    /// Copies `other` onto this canvas with its top left corner at (x, y).
    package mutating func draw(_ other: Canvas, x: Int, y: Int) {
        for row in 0..<other.height {
            for column in 0..<other.width { self[x + column, y + row] = other[column, row] }
        }
    }

    /// What was drawn over one half of a wide character leaves a space in the place of the other half.
    mutating func repairWideCharacters() {
        guard cells.contains(where: \.isTail) else { return }
        for y in 0..<height {
            for x in 0..<width {
                let i = y * width + x
                let isLead = !cells[i].scalar.isASCII && cells[i].scalar.columnWidth == 2
                let hasTail = x + 1 < width && cells[i + 1].isTail
                let hasLead = x > 0 && !cells[i - 1].scalar.isASCII && cells[i - 1].scalar.columnWidth == 2
                if cells[i].isTail ? !hasLead : isLead && !hasTail { cells[i].scalar = " " }
            }
        }
    }

    /// The cells as raw memory, for rasterisers.
    package mutating func withCells(_ body: (UnsafeMutableBufferPointer<Cell>) -> Void) {
        cells.withUnsafeMutableBufferPointer { body($0) }
    }
}
