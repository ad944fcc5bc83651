import Drawing
import TUI
import Testing

@Suite struct CanvasTests {
    @Test func writingOutsideIsIgnored() {
        var canvas = marked(3, 2)
        canvas[-1, 0] = Cell("a")
        canvas[3, 0] = Cell("a")
        canvas[0, 2] = Cell("a")
        canvas.fill(Rect(x: 2, y: 1, width: 9, height: 9), with: Cell("b"))
        canvas.fill(Rect(x: 5, y: 5, width: 2, height: 2), with: Cell("c"))
        #expect(canvas.plainText == "xxx\nxxb")
        #expect(canvas[7, 7] == .blank)
        #expect(Canvas(width: -3, height: 5).cells.isEmpty)
    }

    @Test func textIsClippedOnEverySide() {
        var canvas = marked(6, 3)
        let clip = Rect(x: 1, y: 1, width: 3, height: 1)
        #expect(canvas.text("hello", x: 0, y: 1, clip: clip) == 5)
        canvas.text("hello", x: 0, y: 0, clip: clip)
        canvas.text("wide", x: 4, y: 2)
        canvas.text("left", x: -2, y: 2)
        #expect(canvas.plainText == "xxxxxx\nxellxx\nftxxwi")
        canvas.text("no", x: Int.min / 2, y: 0)
        canvas.text("no", x: Int.max / 2, y: Int.max / 2)
        #expect(canvas.plainText == "xxxxxx\nxellxx\nftxxwi")
    }

    @Test func textIsSanitizedAndOneColumnACharacter() {
        var canvas = marked(12, 4)
        canvas.text("a\u{1B}[31mb\n", x: 0, y: 0)
        canvas.text("漢é😀e\u{301}z", x: 0, y: 1)
        canvas.text("\u{202E}evil\u{200B}", x: 0, y: 2)
        canvas.text("fin", endingAt: 12, y: 3)
        #expect(canvas.plainText == "a·[31mb·xxxx\n?é?ezxxxxxxx\nevilxxxxxxxx\nxxxxxxxxxfin")
        #expect(Canvas.columns(of: "漢é😀e\u{301}z") == 5)
    }

    @Test func textKeepsTheBackgroundBelow() {
        var canvas = Canvas(width: 2, height: 1, filledWith: Cell(" ", Style(nil, on: 20)))
        canvas.text("ab", x: 0, y: 0, Style(231))
        canvas.text("b", x: 1, y: 0, Style(231, on: 52))
        #expect(canvas[0, 0] == Cell("a", Style(231, on: 20)))
        #expect(canvas[1, 0].background == 52)
    }

    @Test func rectanglesSplitWithoutLoss() {
        let rect = Rect(x: 2, y: 3, width: 10, height: 7)
        #expect(rect.split(columns: 4).right == Rect(x: 6, y: 3, width: 6, height: 7))
        #expect(rect.split(columns: -4).left.width == 6)
        #expect(rect.split(rows: 99).bottom.isEmpty)
        #expect(rect.inset(6, 1).width == 0)
        #expect(rect.columns(3, gap: 1).map(\.width) == [2, 3, 3])
        #expect(rect.columns(3, gap: 1).last?.maxX == rect.maxX)
        #expect(rect.rows(2).map(\.height) == [3, 4])
        #expect(rect.rows(0).isEmpty)
        #expect(rect.row(7).isEmpty)
        #expect(rect.intersection(Rect(x: 50, y: 0, width: 1, height: 1)).isEmpty)
    }

    @Test func picturesFitUndistorted() {
        let wide = Rect(x: 0, y: 0, width: 100, height: 14).fitting(pixelWidth: 28, pixelHeight: 28)
        #expect(wide == Rect(x: 36, y: 0, width: 28, height: 14))
        let narrow = Rect(x: 0, y: 0, width: 14, height: 40).fitting(pixelWidth: 28, pixelHeight: 28)
        #expect(narrow.width == 14 && narrow.height == 7)
    }

    @Test func boxesInUnicodeAndASCII() {
        var canvas = marked(9, 3)
        #expect(
            canvas.box(canvas.bounds, title: "ab", colored) == Rect(x: 1, y: 1, width: 7, height: 1))
        #expect(canvas.plainText == "┌─ ab ──┐\n│xxxxxxx│\n└───────┘")
        canvas = marked(4, 3)
        canvas.box(canvas.bounds, plain)
        #expect(canvas.plainText == "+--+\n|xx|\n+--+")
    }

    @Test func printedTextEscapesEachStyleOnceAndEndsIt() {
        var canvas = Canvas(width: 6, height: 2)
        canvas.text("ab", x: 0, y: 0, Style(196, on: 16, .bold))
        canvas.text("c", x: 3, y: 0)
        #expect(canvas.ansiText(colored) == "\u{1B}[0;1;38;5;196;48;5;16mab\u{1B}[0m c\n\n")
        let sixteen = Capabilities(colors: .sixteen)
        #expect(canvas.ansiText(sixteen) == "\u{1B}[0;1;91;40mab\u{1B}[0m c\n\n")
        #expect(canvas.ansiText(plain) == "ab c\n\n")
    }

    @Test func palettesStayInTheirRange() {
        #expect(Palette.greys.count == 30)
        #expect(Set(Palette.classes).count == 10)
        #expect(Palette.classColor(-1) == Palette.classes[9])
        #expect(Palette.fourGreys.map { Palette.reduced($0.index, to: .sixteen, .foreground) } == [0, 8, 7, 15])
        for ramp in [ColorRamp.gray, .diverging, .tint(208)] {
            for depth in ColorDepth.allCases {
                #expect(ramp.table(depth).count == 256)
                #expect(ramp.table(depth).allSatisfy { depth == .truecolor ? !$0.isIndexed : $0.index >= 16 })
            }
        }
        #expect(ColorRamp.diverging.color(-1, .palette256) == 45)
        #expect(ColorRamp.diverging.color(0, .palette256) == 16)
        #expect(ColorRamp.diverging.color(.nan, .palette256) == 45)
        #expect(ColorRamp.gray.color(.infinity, .palette256) == 231)
    }
}
