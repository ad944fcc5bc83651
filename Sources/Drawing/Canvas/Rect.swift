/// A rectangle of cells; its size is never negative, whatever it is cut from.
package struct Rect: Equatable, Sendable {
    package var x: Int
    package var y: Int
    package let width: Int
    package let height: Int

    /// Cells from the top left corner; a negative size is none.
    @inlinable
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// One column past the last.
    @inlinable package var maxX: Int { x + width }
    /// One row past the last.
    @inlinable package var maxY: Int { y + height }
    /// Whether it holds no cell.
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether the cell at (x, y) lies inside.
    @inlinable
    package func contains(_ x: Int, _ y: Int) -> Bool {
        x >= self.x && x < maxX && y >= self.y && y < maxY
    }

    /// What both rectangles cover.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// The rectangle less `horizontal` columns on the left and right and `vertical` rows above and below.
    package func inset(_ horizontal: Int, _ vertical: Int) -> Rect {
        Rect(
            x: x + horizontal, y: y + vertical, width: width - 2 * horizontal, height: height - 2 * vertical)
    }

    /// The rectangle less one cell on every side.
    package var inner: Rect { inset(1, 1) }

    /// The first `columns` columns and the rest; a negative number counts from the right.
    package func split(columns: Int) -> (left: Rect, right: Rect) {
        let cut = min(width, max(0, columns < 0 ? width + columns : columns))
        return (
            Rect(x: x, y: y, width: cut, height: height),
            Rect(x: x + cut, y: y, width: width - cut, height: height)
        )
    }

    /// The first `rows` rows and the rest; a negative number counts from the bottom.
    package func split(rows: Int) -> (top: Rect, bottom: Rect) {
        let cut = min(height, max(0, rows < 0 ? height + rows : rows))
        return (
            Rect(x: x, y: y, width: width, height: cut),
            Rect(x: x, y: y + cut, width: width, height: height - cut)
        )
    }

    /// `count` rectangles side by side with `gap` columns between, as equal as whole cells allow.
    package func columns(_ count: Int, gap: Int = 0) -> [Rect] {
        guard count > 0 else { return [] }
        let room = max(0, width - gap * (count - 1))
        return (0..<count).map { index in
            let start = room * index / count
            let end = room * (index + 1) / count
            return Rect(x: x + start + gap * index, y: y, width: end - start, height: height)
        }
    }

    /// `count` rectangles below one another with `gap` rows between, as equal as whole cells allow.
    package func rows(_ count: Int, gap: Int = 0) -> [Rect] {
        guard count > 0 else { return [] }
        let room = max(0, height - gap * (count - 1))
        return (0..<count).map { index in
            let start = room * index / count
            let end = room * (index + 1) / count
            return Rect(x: x, y: y + start + gap * index, width: width, height: end - start)
        }
    }

    /// Row `index` from the top as a rectangle one cell high; empty if there is no such row.
    package func row(_ index: Int) -> Rect {
        Rect(x: x, y: y + index, width: width, height: index >= 0 && index < height ? 1 : 0)
    }

    /// A rectangle of the given size in the middle, cut to this one.
    package func centered(width: Int, height: Int) -> Rect {
        let w = min(width, self.width)
        let h = min(height, self.height)
        return Rect(x: x + (self.width - w) / 2, y: y + (self.height - h) / 2, width: w, height: h)
    }

    /// The largest centred rectangle that shows a picture of `pixelWidth` × `pixelHeight` square pixels
    /// undistorted, a cell being twice as high as wide.
    package func fitting(pixelWidth: Int, pixelHeight: Int) -> Rect {
        guard pixelWidth > 0, pixelHeight > 0, !isEmpty else { return Rect(x: x, y: y, width: 0, height: 0) }
        let wide = height * 2 * pixelWidth / pixelHeight
        if wide <= width { return centered(width: max(1, wide), height: height) }
        let high = (width * pixelHeight + pixelWidth) / (2 * pixelWidth)
        return centered(width: width, height: max(1, high))
    }
}
