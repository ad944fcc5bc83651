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

    @Test func textIsSanitized() {
        var canvas = marked(12, 4)
        canvas.text("a\u{1B}[31mb\n", x: 0, y: 0)
        canvas.text("漢é😀e\u{301}z", x: 0, y: 1)
        canvas.text("\u{202E}evil\u{200B}", x: 0, y: 2)
        canvas.text("fin", endingAt: 12, y: 3)
        #expect(canvas.plainText == "a·[31mb·xxxx\n漢é😀ezxxxxx\nevilxxxxxxxx\nxxxxxxxxxfin")
        #expect(Canvas.columns(of: "漢é😀e\u{301}z") == 7)
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

    /// Wide characters take two cells, are cut whole, and leave a space where something covers half of them.
    @Test func wideCharacters() {
        var canvas = marked(8, 1)
        #expect(canvas.text("a한글b", x: 0, y: 0) == 6)
        #expect(canvas.plainText == "a한글bxx" && canvas[2, 0].isTail && Canvas.columns(of: "a한글b") == 6)
        canvas = marked(4, 1)
        canvas.text("a한글", x: 0, y: 0, clip: Rect(x: 0, y: 0, width: 4, height: 1))
        #expect(canvas.plainText == "a한", "the second syllable would be cut in half: a space")
        canvas = marked(6, 1)
        canvas.text("한글", x: 0, y: 0)
        canvas.text("|", x: 1, y: 0)
        #expect(canvas.ansiText(Capabilities(colors: .none)) == " |글xx\n")
        canvas.text("-", x: 2, y: 0)
        #expect(canvas.ansiText(Capabilities(colors: .none)) == " |- xx\n")
        #expect(canvas.ansiText(Capabilities(unicode: false, colors: .none)) == " |- xx\n")
    }

    /// Letters that a file system keeps apart are one syllable, of two columns.
    @Test func hangulIsComposed() {
        let apart = "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"
        var canvas = Canvas(width: 6, height: 1)
        canvas.text(apart, x: 0, y: 0)
        #expect(canvas.plainText == "한글" && Canvas.columns(of: apart) == 4)
        #expect(canvas.plainText.unicodeScalars.count == 2)
    }

    /// Any string, drawn anywhere: what is on the canvas is as wide as was said, and no half of a character is left.
    @Test func stringsAtRandom() {
        var random = Seeded(state: 7)
        let letters = Array("aé한글ᄒ日本ｱあ🙂́​\u{202E}\t\u{1B}[31m—…".unicodeScalars)
        for _ in 0..<3000 {
            let text = String(String.UnicodeScalarView((0..<Int.random(in: 0...14, using: &random)).map { _ in letters.randomElement(using: &random)! }))
            let width = Int.random(in: 1...16, using: &random)
            var canvas = Canvas(width: width, height: 1)
            let x = Int.random(in: -4...width, using: &random)
            let end = canvas.text(text, x: x, y: 0)
            #expect(end == x + Canvas.columns(of: text))
            for at in 0..<width where canvas[at, 0].isTail {
                #expect(at > 0 && canvas[at - 1, 0].scalar.columnWidth == 2, "\(text.debugDescription) at \(x)")
            }
            for at in 0..<width where !canvas[at, 0].isTail && canvas[at, 0].scalar.columnWidth == 2 {
                #expect(at + 1 < width && canvas[at + 1, 0].isTail, "\(text.debugDescription) at \(x)")
            }
            let lines = wrapped(text, width)
            #expect(lines.joined().filter { $0 != " " } == (lines.count == 1 ? lines[0] : text).filter { $0 != " " })
        }
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
