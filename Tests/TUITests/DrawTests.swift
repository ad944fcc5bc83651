import Drawing
import Foundation
import TUI
import Testing
import VAECore

private func blank(_ width: Int = 28, _ height: Int = 28) -> Bitmap {
    Bitmap(width: width, height: height) { _, _ in 0 }
}

extension Bitmap {
    fileprivate subscript(x: Int, y: Int) -> Float { pixels[y * width + x] }
}

/// The brush: what strokes leave on a picture.
@Suite struct BrushTests {
    @Test func aDotIsRoundWithASoftEdge() {
        var image = blank()
        let brush = Brush(width: 28, height: 28)
        #expect(brush == Brush(radius: 1.4, edge: 1))
        image.stroke(from: PixelPoint(10, 12), to: PixelPoint(10, 12), brush)
        #expect(image[10, 12] == 1)
        for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] { #expect(abs(image[10 + dx, 12 + dy] - 0.9) < 1e-5) }
        for (dx, dy) in [(1, 1), (-1, 1), (1, -1), (-1, -1)] {
            #expect(abs(image[10 + dx, 12 + dy] - (1.9 - Float(2).squareRoot())) < 1e-5)
        }
        #expect(image[12, 12] == 0 && image[10, 10] == 0)
        #expect(image.pixels.count { $0 > 0 } == 9)
    }

    /// Across a stroke the ink is what MNIST's strokes have: two to three pixels.
    @Test func strokesAreAsWideAsMNISTs() {
        var image = blank()
        image.stroke(from: PixelPoint(4, 14), to: PixelPoint(23, 14), Brush(width: 28, height: 28))
        let across = (0..<28).reduce(Float(0)) { $0 + image[14, $1] }
        #expect((2...3).contains(across))
        #expect((6...21).allSatisfy { image[$0, 14] == 1 })
    }

    /// Wherever it goes, a stroke has no gap: each pixel near its line is inked.
    @Test(arguments: [(28, 28), (8, 8), (32, 32), (5, 5), (40, 12)]) func strokesHaveNoGaps(width: Int, height: Int) {
        var random = Seeded(state: 3)
        for _ in 0..<40 {
            var image = blank(width, height)
            func point() -> PixelPoint {
                PixelPoint(.random(in: 0...Float(width - 1), using: &random), .random(in: 0...Float(height - 1), using: &random))
            }
            let (a, b) = (point(), point())
            image.stroke(from: a, to: b, Brush(width: width, height: height, size: 0.6))
            for step in 0...100 {
                let part = Float(step) / 100
                let (x, y) = (a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
                #expect(image[Int(x.rounded()), Int(y.rounded())] > 0.3)
            }
        }
    }

    @Test func strokesJoinByTheBrighterValue() {
        var once = blank()
        let brush = Brush(width: 28, height: 28)
        once.stroke(from: PixelPoint(5, 5), to: PixelPoint(20, 9), brush)
        var twice = once
        twice.stroke(from: PixelPoint(5, 5), to: PixelPoint(20, 9), brush)
        twice.stroke(from: PixelPoint(20, 9), to: PixelPoint(5, 5), brush)
        #expect(zip(once.pixels, twice.pixels).allSatisfy { abs($0 - $1) < 1e-5 })
        // In two parts it is the same stroke.
        var parts = blank()
        parts.stroke(from: PixelPoint(5, 5), to: PixelPoint(12.5, 7), brush)
        parts.stroke(from: PixelPoint(12.5, 7), to: PixelPoint(20, 9), brush)
        #expect(zip(once.pixels, parts.pixels).allSatisfy { abs($0 - $1) < 1e-4 })
        var other = Bitmap(width: 28, height: 28) { _, _ in 0.95 }
        other.stroke(from: PixelPoint(5, 5), to: PixelPoint(20, 9), brush)
        #expect(zip(once.pixels, other.pixels).allSatisfy { $1 == max($0, 0.95) })
    }

    @Test func theEraserTakesAwayWhatTheBrushWouldLeave() {
        var image = Bitmap(width: 28, height: 28) { _, _ in 1 }
        image.stroke(from: PixelPoint(10, 12), to: PixelPoint(10, 12), Brush(width: 28, height: 28), erases: true)
        #expect(image[10, 12] == 0 && abs(image[11, 12] - 0.1) < 1e-5 && image[13, 12] == 1)
    }

    @Test func bordersAndPlacesBeyond() {
        let brush = Brush(width: 28, height: 28)
        for corner in [(0, 0), (27, 0), (0, 27), (27, 27)] {
            var image = blank()
            let point = PixelPoint(Float(corner.0), Float(corner.1))
            image.stroke(from: point, to: point, brush)
            #expect(image[corner.0, corner.1] == 1 && image.pixels.count { $0 > 0 } == 4)
        }
        for far in [PixelPoint(-100, 5), PixelPoint(1e9, 1e9), PixelPoint(5, -1e30), PixelPoint(.nan, 1), PixelPoint(1, .infinity)] {
            var image = blank()
            image.stroke(from: far, to: far, brush)
            #expect(image.isBlank)
        }
        // A stroke over the border is inked up to it.
        var image = blank()
        image.stroke(from: PixelPoint(20, 14), to: PixelPoint(200, 14), brush)
        #expect((20...27).allSatisfy { image[$0, 14] == 1 })
    }

    @Test func widths() {
        #expect(Brush(width: 28, height: 28, size: 2).radius == 2.8)
        let small = Brush(width: 5, height: 5)
        #expect(small.coverage(at: 0) == 1 && small.coverage(at: 0.5) > 0.5 && small.coverage(at: 1.1) == 0)
        #expect(Brush(width: 56, height: 60).radius == 2.8)
    }

    @Test func centringShiftsByWholePixels() {
        var image = blank()
        image.stroke(from: PixelPoint(5, 6), to: PixelPoint(5, 6), Brush(width: 28, height: 28))
        guard let centered = image.centeredByMass, let shift = image.shiftToCenter else {
            Issue.record("not blank")
            return
        }
        #expect(shift == (9, 8))
        for y in 0..<28 { for x in 0..<28 { #expect(centered[x, y] == (x >= 9 && y >= 8 ? image[x - 9, y - 8] : 0)) } }
        #expect(centered.centeredByMass == centered)
        #expect(blank().centeredByMass == nil)
        // MNIST's own digits were centred so: theirs stay, but for rounding.
        let wide = Bitmap(width: 9, height: 4) { x, y in x == 8 && y == 0 ? 1 : 0 }
        #expect(wide.centeredByMass == Bitmap(width: 9, height: 4) { x, y in x == 4 && y == 2 ? 1 : 0 })
    }

    @Test func bytes() {
        let image = Bitmap(width: 6, height: 1, pixels: [0, 1, 0.5, 1 / 255, -3, .nan])
        #expect(image.bytes == [0, 255, 128, 1, 0, 0])
        #expect(!image.isBlank && Bitmap(width: 2, height: 1, pixels: [0.001, .nan]).isBlank)
    }
}

/// How well a drawing fits, beside the held-out images.
@Suite struct VerdictTests {
    private func verdict(worse: Int, of count: Int) -> Verdict? {
        let scores = (0..<count).map { LossTerms(reconstruction: Double($0), kl: 1) }
        return Verdict(LossTerms(reconstruction: Double(count - worse) - 0.5, kl: 1), among: scores)
    }

    @Test func thresholds() {
        for (worse, kind) in [
            (0, Verdict.Kind.unlike), (1, .unlike), (2, .unusual), (49, .unusual), (50, .typical), (500, .typical),
            (997, .typical), (998, .plain), (1000, .plain),
        ] {
            let own = verdict(worse: worse, of: 1000)
            #expect(own?.kind == kind && own?.worse == worse && own?.count == 1000, "\(worse)")
        }
        // Of 500 images, one that fits worse is enough for unusual.
        #expect(verdict(worse: 0, of: 500)?.kind == .unlike && verdict(worse: 1, of: 500)?.kind == .unusual)
    }

    @Test func words() {
        func text(_ worse: Int) -> String? { verdict(worse: worse, of: 1000).map { "\($0.word): \($0.reason)" } }
        #expect(text(620) == "typical: 62 % of the test images fit worse")
        #expect(text(30) == "unusual: only 3 % of the test images fit worse")
        #expect(text(3) == "unusual: only 0.3 % of the test images fit worse")
        #expect(text(0) == "unlike any test image: no test image fits worse")
        #expect(text(1) == "unlike any test image: only 1 test image fits worse")
        #expect(text(999) == "simpler than usual: 99.9 % of the test images fit worse")
        #expect(text(1000) == "simpler than usual: every test image fits worse")
    }

    @Test func whatIsNoNumber() {
        let scores = [LossTerms(reconstruction: .nan, kl: 0), LossTerms(reconstruction: 3, kl: 0)]
        #expect(Verdict(LossTerms(reconstruction: .nan, kl: 0), among: scores) == nil)
        // An almost empty picture costs little, which makes it no digit.
        let sparse = Verdict(LossTerms(reconstruction: 1, kl: 0), isSparse: true, among: scores)
        #expect(sparse?.kind == .sparse && sparse?.reason == "less ink than in any test image")
        #expect(Verdict(LossTerms(reconstruction: 1e9, kl: 0), isSparse: true, among: scores)?.kind == .unlike)
        #expect(Verdict(LossTerms(reconstruction: 1, kl: 0), among: []) == nil)
        #expect(Verdict(LossTerms(reconstruction: 1, kl: 0), among: scores)?.worse == 1)
        #expect(Verdict(LossTerms(reconstruction: .infinity, kl: 0), among: scores)?.kind == .unlike)
    }
}

/// `update` on the Draw screen.
@Suite struct DrawUpdateTests {
    /// On the Draw screen with data, codes and losses.
    private func open(_ width: Int = 80, _ height: Int = 24) -> AppState {
        var state = tinyState(width: width, height: height)
        send(&state, .data(.ready(tinyDataset)), .key(digit(.draw)))
        return state
    }

    /// A state whose model sees images of that size; nothing is encoded for it.
    private func shaped(_ shape: ImageShape, _ width: Int, _ height: Int) -> AppState {
        guard let network = try? Network(.perceptron(image: shape, hidden: [4], latent: 2)) else {
            preconditionFailure("a network that cannot be built")
        }
        var state = tinyState(width: width, height: height, network: network)
        _ = update(&state, .key(digit(.draw)))
        return state
    }

    private func dot(_ x: Int, _ y: Int, _ image: Bitmap = blank(5, 5), size: Float = 1) -> Bitmap {
        var image = image
        let point = PixelPoint(Float(x), Float(y))
        image.stroke(from: point, to: point, Brush(width: image.width, height: image.height, size: size))
        return image
    }

    @Test func openingAsksForWhatItNeeds() {
        var state = tinyState()
        #expect(update(&state, .key(digit(.draw))) == [encoding(nil, state)])
        let effects = update(&state, .data(.ready(tinyDataset)))
        #expect(effects.first == encoding(nil, state) && effects.count == 3)
        #expect(asks(for: EncodeImages.self, effects) && asks(for: ScoreImages.self, effects))
        state = open()
        #expect(state.shown.codes?.count == 12 && state.shown.scores.count == 12)
        let effects1 = update(&state, .resize(width: 81, height: 24))
        #expect(effects1 == [encoding(nil, state)])
    }

    @Test func theKeysDraw() {
        var state = open()
        #expect(state.draw.image == nil && state.draw.encoded == nil)
        #expect(update(&state, .key(.right)) == [])
        #expect(state.draw.pen.place == .init(x: 3, y: 2) && !state.draw.pen.isDown && state.draw.image == nil)
        let effects2 = update(&state, .key(.character(" ")))
        #expect(effects2 == [encoding(dot(3, 2), state)])
        #expect(state.draw.pen.isDown && state.draw.image == dot(3, 2) && state.draw.done == [blank(5, 5)])

        var line = dot(3, 2)
        line.stroke(from: PixelPoint(3, 2), to: PixelPoint(3, 3), Brush(width: 5, height: 5))
        let effects3 = update(&state, .key(.down))
        #expect(effects3 == [encoding(line, state)])
        line.stroke(from: PixelPoint(3, 3), to: PixelPoint(3, 4), Brush(width: 5, height: 5))
        send(&state, .key(.character("j")))
        #expect(state.draw.image == line)
        // The border holds the pen.
        #expect(update(&state, .key(.down)) == [] && state.draw.pen.place == .init(x: 3, y: 4))
        #expect(update(&state, .key(.character(" "))) == [] && !state.draw.pen.isDown)
        #expect(update(&state, .key(.character("h"))) == [])
        #expect(state.draw.image == line && state.draw.done == [blank(5, 5)])
        send(&state, .key(.shiftUp), .key(.character("L")))
        #expect(state.draw.pen.place == .init(x: 4, y: 0))
    }

    @Test func whatComesOfADrawing() throws {
        var state = open()
        send(&state, .key(.character(" ")))
        guard let encoded = state.draw.encoded, let codes = state.shown.codes else {
            Issue.record("not encoded")
            return
        }
        // The model sees what the bytes of a data set would hold.
        let seen = ImageSet(shape: ImageShape(height: 5, width: 5), pixels: dot(2, 2).bytes, labels: nil)
        let made = Inference(tinySnapshot()).reconstruct(seen.inputs(0..<1, binarization: .grey, seed: 1))[0]
        #expect(encoded.mean == made.z && encoded.reconstruction == made && encoded.step == 0)
        #expect(state.draw.neighbours == codes.nearest(to: encoded.mean, count: 10).map(\.index))
        // New codes: the neighbours among them.
        state.shown.codes = nil
        let encoding = try #require(jobs(EncodeImages.self, in: update(&state, .resize(width: 80, height: 24))).first)
        send(&state, encoding.answer(LatentCodes(mean: [9, 9, 1, 0], deviation: [0, 0, 0, 0], latent: 2, labels: [3, 4], step: 0)))
        #expect(state.draw.neighbours.sorted() == [0, 1] && state.draw.neighbours.first == 1)
        // An empty canvas has no code.
        send(&state, .key(.character("c")))
        #expect(state.draw.encoded == nil && state.draw.neighbours.isEmpty && state.draw.image == blank(5, 5))
    }

    @Test func votes() {
        var draw = open().draw
        draw.neighbours = [4, 1, 2, 3]
        #expect(draw.vote([0, 7, 5, 7, 5]).map { [$0.label, $0.votes, $0.of] } == [5, 2, 4])
        #expect(draw.vote([0, 7]).map { [$0.label, $0.votes, $0.of] } == [7, 1, 1])
        #expect(draw.vote(nil) == nil && draw.vote([]) == nil)
    }

    @Test func undoRedoAndClear() {
        var state = open()
        let (first, second) = (dot(2, 2), dot(4, 2, dot(2, 2)))
        send(&state, .key(.character(" ")), .key(.character(" ")), .key(.right), .key(.right), .key(.character(" ")))
        #expect(state.draw.image == second && state.draw.done == [blank(5, 5), first])
        let effects4 = update(&state, .key(.character("u")))
        #expect(effects4 == [encoding(first, state)])
        #expect(state.draw.image == first && state.draw.undone == [second] && !state.draw.pen.isDown)
        let effects5 = update(&state, .key(.character("u")))
        #expect(effects5 == [encoding(nil, state)])
        #expect(state.draw.image == blank(5, 5) && state.draw.undone == [second, first] && state.draw.done == [])
        #expect(update(&state, .key(.character("u"))) == [] && state.message?.text == "nothing to undo")
        send(&state, .key(.character("U")), .key(.character("r")))
        #expect(state.draw.image == second && state.draw.done == [blank(5, 5), first] && state.draw.undone == [])
        #expect(update(&state, .key(.character("r"))) == [] && state.message?.text == "nothing to redo")
        // Clearing can be undone, and a new stroke ends what could be redone.
        send(&state, .key(.backspace))
        #expect(state.draw.image == blank(5, 5) && state.draw.done == [blank(5, 5), first, second])
        #expect(update(&state, .key(.character("c"))) == [] && state.message?.text == "the canvas is empty")
        send(&state, .key(.character("u")), .key(.character("u")))
        #expect(state.draw.image == first && state.draw.undone.count == 2)
        send(&state, .key(.character(" ")))
        #expect(state.draw.undone == [])
    }

    @Test func theHistoryIsBounded() {
        var state = open()
        for _ in 0..<2 * DrawState.undoLimit + 50 { _ = update(&state, .key(.character(" "))) }
        for _ in 0..<2 * DrawState.undoLimit { _ = update(&state, .key(.character("o"))) }
        #expect(state.draw.done.count == DrawState.undoLimit)
    }

    @Test func eraserAndWidth() {
        var state = open()
        send(&state, .key(.character("o")))
        let image = tinyDataset.test[0].map { Float($0) / 255 }
        #expect(state.draw.image?.pixels == image && state.draw.example == 0)
        #expect(state.message?.text.contains("image 1 of 12, class 0") == true)
        send(&state, .key(.character("e")), .key(.character(" ")))
        #expect(state.draw.erases && state.draw.image?[2, 2] == 0 && state.draw.image?[0, 0] == image[0])
        send(&state, .key(.character("e")), .key(.character("+")), .key(.character("+")), .key(.character("=")))
        #expect(!state.draw.erases && !state.draw.pen.isDown && state.draw.size == 3)
        for _ in 0..<9 { send(&state, .key(.character("-"))) }
        #expect(state.draw.size == 0)
    }

    @Test func examples() {
        var state = open()
        for (key, index) in [("O", 11), ("o", 0), ("o", 1), ("O", 0), ("O", 11)] {
            send(&state, .key(.character(Character(key))))
            #expect(state.draw.example == index)
            #expect(state.draw.image?.bytes == Array(tinyDataset.test[index]))
        }
        #expect(state.draw.done.count == 5)
        var empty = tinyState()
        send(&empty, .key(digit(.draw)), .key(.character("o")))
        #expect(empty.message?.text == "the data set is loading" && empty.draw.image == nil)
        send(&empty, .data(.missing("nothing there")), .key(.character("o")))
        #expect(empty.message?.text == "nothing there")
        var other = shaped(ImageShape(height: 8, width: 8), 80, 24)
        _ = update(&other, .data(.ready(tinyDataset)))
        #expect(update(&other, .key(.character("o"))) == [] && other.message?.text == "the images of tiny have another size")
    }

    /// A model of MNIST sees a drawing as MNIST's digits are, its centre of mass in the middle; a key says otherwise.
    @Test func centring() {
        var state = open()
        send(&state, .key(.left), .key(.up), .key(.character(" ")))
        let drawing = dot(1, 1)
        func seen(_ state: AppState) -> Bitmap? {
            var state = state
            return jobs(EncodeDrawing.self, in: update(&state, .resize(width: 80, height: 24))).first?.image
        }
        #expect(seen(state) == drawing)
        state.model.trainedOn = "mnist"
        #expect(seen(state) == drawing.centeredByMass && seen(state) != drawing && state.draw.image == drawing)
        send(&state, .key("m"))
        #expect(seen(state) == drawing && state.message?.text == "encoded as drawn")
        send(&state, .key("m"))
        #expect(seen(state) == drawing.centeredByMass && state.message?.text.contains("in the middle") == true)
        state.draw.centres = nil
        state.model.trainedOn = "fashion-mnist"
        #expect(seen(state) == drawing)
    }

    @Test func toThePlane() {
        var state = open()
        #expect(update(&state, .key(.enter)) == [] && state.screen == .draw && state.message?.text == "draw something first")
        send(&state, .key(.character(" ")))
        let mean = state.draw.encoded?.mean ?? []
        send(&state, .key(.enter))
        #expect(state.screen == .explore && state.explore.cursor == mean && !state.draw.pen.isDown)
        #expect(state.explore.plane.center == [mean[0], mean[1]])
    }

    /// A press, drags and a release are one stroke, wherever the screen puts the canvas.
    @Test(arguments: [(40, 12), (80, 24), (120, 40), (200, 60)]) func theMouseDraws(width: Int, height: Int) {
        for shape in [(28, 28), (8, 8), (32, 32), (5, 5), (40, 12)] {
            var state = shaped(ImageShape(height: shape.1, width: shape.0), width, height)
            guard let corner = findCanvas(state) else {
                Issue.record("no canvas at \(width)×\(height) for \(shape)")
                continue
            }
            let (x, y) = corner.first
            let (lastX, lastY) = corner.last
            #expect(lastX < width && lastY < height - 1)
            // Where a cell holds several pixels, its middle counts.
            let within = (
                (shape.0 + lastX - x) / (lastX - x + 1), (shape.1 + lastY - y) / (lastY - y + 1)
            )
            send(&state, .mouse(x: x, y: y, .press(1)))
            let start = state.draw.penPlace(state.model.shape)
            #expect(start.x <= within.0 / 2 && start.y <= within.1 / 2, "\(shape) at \(width)×\(height)")
            #expect((state.draw.image?[start.x, start.y] ?? 0) > 0.2, "\(shape) at \(width)×\(height)")
            send(&state, .mouse(x: lastX, y: lastY, .drag(1)), .mouse(x: lastX, y: lastY, .release))
            let image = state.draw.canvas(state.model.shape)
            let end = state.draw.penPlace(state.model.shape)
            #expect(shape.0 - 1 - end.x <= within.0 / 2 && shape.1 - 1 - end.y <= within.1 / 2, "\(shape) at \(width)×\(height)")
            #expect(image[end.x, end.y] > 0.2 && image[(start.x + end.x) / 2, (start.y + end.y) / 2] > 0.3)
            #expect(image[shape.0 - 1, 0] == 0 && image[0, shape.1 - 1] == 0)
            #expect(state.draw.done.count == 1 && state.draw.mouse == nil)
            // No button, no stroke.
            send(&state, .mouse(x: lastX, y: y, .drag(1)), .mouse(x: lastX, y: y, .release))
            #expect(state.draw.canvas(state.model.shape) == image)
            // The right button takes it away.
            send(&state, .mouse(x: x, y: y, .press(3)), .mouse(x: x, y: y, .release))
            #expect(state.draw.canvas(state.model.shape)[start.x, start.y] < image[start.x, start.y])
            #expect(state.draw.done.count == 2)
        }
    }

    /// The first and the last cell that a press draws from.
    private func findCanvas(_ state: AppState) -> (first: (Int, Int), last: (Int, Int))? {
        var cells: [(Int, Int)] = []
        for y in 1..<state.height - 1 {
            for x in 0..<state.width {
                var copy = state
                if !update(&copy, .mouse(x: x, y: y, .press(1))).isEmpty { cells.append((x, y)) }
            }
        }
        guard let first = cells.first, let last = cells.last else { return nil }
        // A rectangle, nothing missing.
        #expect(cells.count == (last.0 - first.0 + 1) * (last.1 - first.1 + 1))
        return (first, last)
    }

    @Test func aLostReleaseJoinsNothing() {
        var state = shaped(ImageShape(height: 28, width: 28), 80, 24)
        send(&state, .mouse(x: 3, y: 4, .press(1)), .mouse(x: 70, y: 20, .press(1)), .mouse(x: 20, y: 12, .drag(1)))
        #expect(state.draw.canvas(state.model.shape)[14, 14] == 0)
        // Over the border and back.
        send(
            &state, .mouse(x: 10, y: 10, .press(1)), .mouse(x: -2, y: 10, .drag(1)), .mouse(x: 10, y: 10, .drag(1)),
            .mouse(x: 10, y: 10, .release), .mouse(x: 0, y: 0, .wheelUp))
        #expect(state.draw.canvas(state.model.shape)[0, 16] == 1 && state.draw.canvas(state.model.shape)[0, 17] == 1)
    }

    @Test func aModelOfAnotherSizeGetsAnEmptyCanvas() {
        var state = open()
        send(&state, .key(.character("o")))
        var other = shaped(ImageShape(height: 7, width: 9), 80, 24)
        other.draw = state.draw
        #expect(other.draw.canvas(other.model.shape) == blank(9, 7))
        _ = drawn(other)
        #expect(update(&other, .key(.character("u"))) == [])
        let effects6 = update(&other, .key(.character(" ")))
        #expect(effects6 == [encoding(dot(4, 3, blank(9, 7)), other)])
        #expect(other.draw.done == [blank(9, 7)])
    }

    @Test func colourImagesAreDrawnOnInColour() throws {
        var state = tinyState()
        send(&state, .key(digit(.draw)), .key(.character("n")))
        #expect(state.message?.text.contains("images are grey") == true && state.draw.ink == 0)
        state.model.shape = ImageShape(height: 5, width: 5, channels: 3)
        state.message = nil
        send(&state, .key(.character("n")), .key(.character(" ")))
        #expect(state.message?.text == "the pen is red" || state.draw.ink == 1)
        #expect(drawn(state).joined().contains("red"))
        let image = try #require(state.draw.image)
        let middle = Array(image.pixels[(2 * 5 + 2) * 3..<(2 * 5 + 2) * 3 + 3])
        #expect(image.channels == 3 && middle[0] > 0.6 && middle[1] < 0.2 && middle[2] < 0.2)
        // Another colour covers it; the eraser takes it away.
        let place = PixelPoint(2, 2)
        var painted = image
        painted.stroke(from: place, to: place, Brush(radius: 2, edge: 1), color: [0, 0, 1])
        #expect(Array(painted.pixels[36..<39]) == [0, 0, 1])
        painted.stroke(from: place, to: place, Brush(radius: 9, edge: 1), erases: true)
        #expect(painted.isBlank)
        // Moved whole, whatever its colours.
        #expect(image.centeredByMass?.pixels.reduce(0, +) == image.pixels.reduce(0, +))
    }

    /// While training runs the drawing is encoded at every snapshot, the held-out images only now and then.
    @Test func trainingEncodesAnew() {
        var state = open()
        send(&state, .key(.character("t")), .data(.ready(tinyDataset)))
        _ = update(&state, .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1)))
        send(&state, .key(digit(.draw)), .key(.character(" ")))
        let image = dot(2, 2)
        let soon = update(&state, .mail(tinyMail(steps: 1...5)))
        #expect(soon == [encoding(image, state), .requestSnapshot])
        let later = update(&state, .mail(tinyMail(steps: 6...300)))
        #expect(later.first == encoding(image, state) && later.last == .requestSnapshot && later.count == 4)
        #expect(asks(for: EncodeImages.self, later) && asks(for: ScoreImages.self, later))
        settle(&state, later)
        #expect(state.draw.encoded?.step == 300 && state.shown.codes?.step == 300)
    }

    @Test func aConditionalModelIsToldTheClass() throws {
        let network = try Network(
            .perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 2, classes: 3))
        var state = tinyState(network: network)
        _ = update(&state, .key(digit(.draw)))
        state.explore.label = 2
        let effects7 = update(&state, .key(.character(" ")))
        #expect(effects7 == [encoding(dot(2, 2), label: 2, state)])
    }

    @Test func aCloseLookAndBack() {
        var state = open(200, 60)
        send(&state, .key(.character(" ")))
        let wide = state.draw.plane.plane
        send(&state, .key(.character("z")))
        let close = state.draw.plane.plane
        #expect(state.draw.isClose && close?.center == state.draw.encoded?.mean && close != wide)
        send(&state, .key(.character("z")))
        #expect(state.draw.plane.plane == wide && wide != nil)
    }
}

/// What the Draw screen looks like, as characters.
@Suite struct DrawScreenTests {
    static let sizes = [(40, 12), (80, 24), (120, 40), (200, 60)]
    static let terminals = [
        Capabilities(), Capabilities(colors: .sixteen), Capabilities(colors: .none),
        Capabilities(unicode: false, colors: .palette256), plain,
    ]

    private func state(_ size: (Int, Int), _ capabilities: Capabilities, data: DataState = .ready(tinyDataset)) -> AppState {
        var state = tinyState(width: size.0, height: size.1, capabilities)
        send(&state, .data(data), .key(digit(.draw)))
        return state
    }

    @Test(arguments: sizes, terminals) func emptyCanvas(size: (Int, Int), capabilities: Capabilities) {
        let lines = drawn(state(size, capabilities))
        let text = lines.joined(separator: "\n")
        #expect(lines.count == size.1 && lines.allSatisfy { $0.count <= size.0 })
        for words in ["Draw here", "left button", "arrows", "space", "all keys"] { #expect(text.contains(words), "\(words)") }
        #expect(!text.contains("ELBO"))
    }

    @Test(arguments: sizes, terminals) func aDrawing(size: (Int, Int), capabilities: Capabilities) {
        var state = state(size, capabilities)
        send(&state, .key(.character(" ")), .key(.up), .key(.left))
        // No held-out image fits as badly.
        state.shown.scores = (0..<12).map { LossTerms(reconstruction: Double($0 * 7 % 12), kl: 1) }
        let lines = drawn(state)
        let text = lines.joined(separator: "\n")
        #expect(lines.count == size.1 && lines.allSatisfy { $0.count <= size.0 })
        #expect(!text.contains("Draw here"))
        #expect(text.contains("ELBO") && text.contains("unlike any") && text.contains("pen down"))
        #expect(text.contains("X"))
        #expect(text.contains("z1 ") && text.contains(capabilities.drawsUnicode ? "±" : "+-"))
        guard let encoded = state.draw.encoded, let vote = state.draw.vote(tinyDataset.test.labels) else {
            Issue.record("not encoded")
            return
        }
        #expect(text.contains(NumberText.fixed(encoded.reconstruction.terms.negativeELBO, decimals: 2)))
        // What is unlike every image is not said to be like some.
        #expect(!text.contains("like class \(vote.label)"))
        if size.0 > 40 {
            #expect(text.contains("the output") && text.contains("where it lands"))
            #expect(text.replacing("\n", with: " ").contains("no test image fits worse") && text.contains("at step 0"))
        }
        if size.0 >= 120 { #expect(text.contains("12 nats")) }
    }

    /// Without colours, or where pixels have none of their own, a letter stands for the pen.
    @Test func thePenShows() {
        for capabilities in Self.terminals {
            var state = state((80, 24), capabilities)
            for _ in 0..<4 { send(&state, .key(.left), .key(.up)) }
            var before = Canvas(width: 80, height: 24)
            render(state, into: &before)
            send(&state, .key(.right))
            var after = Canvas(width: 80, height: 24)
            render(state, into: &after)
            #expect(before != after)
            if capabilities.colors == .none || !capabilities.unicode {
                #expect(after.plainText != before.plainText)
                send(&state, .key(.character(" ")))
                #expect(drawn(state).joined().contains("o"))
            }
        }
    }

    @Test(arguments: sizes) func withoutData(size: (Int, Int)) {
        for data in [DataState.loading, .missing("nothing there")] {
            var state = state(size, colored, data: data)
            send(&state, .key(.character(" ")))
            let text = drawn(state).joined(separator: "\n")
            #expect(text.contains("ELBO") && text.contains("z1 ") && !text.contains("like"))
            // The map has the plane's own pictures when there can be no codes.
            if case .missing = data, size.0 > 40 { #expect(state.draw.plane.plane != nil) }
        }
    }

    /// A model that has diverged gives numbers that are none.
    @Test(arguments: sizes) func numbersThatAreNone(size: (Int, Int)) {
        var state = state(size, colored)
        send(&state, .key(.character(" ")))
        for bad in [Float.nan, .infinity, -.infinity, 1e38] {
            for isClose in [false, true] {
                guard var encoded = state.draw.encoded else { return }
                encoded.mean = [bad, bad]
                encoded.deviation = [bad, bad]
                encoded.reconstruction.picture = [Float](repeating: bad, count: 25)
                encoded.reconstruction.terms = LossTerms(reconstruction: Double(bad), kl: Double(bad))
                state.draw.isClose = isClose
                _ = update(&state, answer(encoded, state))
                let lines = drawn(state)
                #expect(lines.allSatisfy { $0.count <= size.0 })
                _ = update(&state, .key(.enter))
                state.screen = .draw
            }
        }
    }

    /// A plain autoencoder has a place and no ellipse.
    @Test func aPoint() {
        var state = state((80, 24), plain)
        send(&state, .key(.character(" ")))
        guard var encoded = state.draw.encoded else { return }
        encoded.deviation = []
        _ = update(&state, answer(encoded, state))
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains("X") && !text.contains("+-0"))
    }

    @Test func theEllipseIsDrawn() {
        var state = state((120, 40), colored)
        send(&state, .key(.character(" ")))
        guard var encoded = state.draw.encoded else { return }
        encoded.mean = [0, 0]
        encoded.deviation = [1, 0.5]
        _ = update(&state, answer(encoded, state))
        let lines = drawn(state).map { Array($0) }
        func isDot(_ character: Character) -> Bool { ("\u{2801}"..."\u{28FF}").contains(character) }
        guard let axis = lines.last(where: { String($0).contains("z1, z2 up") }), let end = axis.lastIndex(of: "0"),
            let start = axis.lastIndex(of: "-")
        else {
            Issue.record("no axis")
            return
        }
        // The axis goes from -3 to 3: the ellipse is a third of it wide, and half as many units high.
        let width = end + 1 - start
        let columns = lines.flatMap { line in line.indices.filter { isDot(line[$0]) } }
        let rows = lines.indices.filter { lines[$0].contains(where: isDot) }
        #expect(abs((columns.max() ?? 0) - (columns.min() ?? 0) + 1 - width / 3) <= 1)
        #expect(abs((rows.max() ?? 0) - (rows.min() ?? 0) + 1 - width / 12) <= 1)
        #expect(abs(((columns.max() ?? 0) + (columns.min() ?? 0)) / 2 - (start + end) / 2) <= 1)
    }

    @Test func oneDimension() throws {
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 1))
        for size in Self.sizes {
            var state = tinyState(width: size.0, height: size.1, network: network)
            _ = update(&state, .key(digit(.draw)))
            _ = update(&state, .key(.character(" ")))
            let inference = Inference(tinySnapshot(network: network))
            let made = inference.reconstruct(state.draw.image?.pixels ?? [])[0]
            let encoded = DrawState.Encoded(mean: made.z, deviation: [0.4], reconstruction: made, step: 0)
            _ = update(&state, answer(encoded, state))
            let text = drawn(state).joined()
            #expect(text.contains("X") && text.contains("z1 ") && !text.contains("z2 "))
        }
    }

    /// The real work, by the runtime: a frame without a terminal shows the screen for a model of any kind.
    @Test func theProgramDraws() {
        let keys: [Character] = [" ", "j", "l", "o", "m", "z", "u", "r", "e"]
        let events: [InputEvent?] = keys.flatMap { [.key(.character($0)), nil] as [InputEvent?] } + [.key(.character("q"))]
        let backend = MemoryBackend(events: events)
        let outcome = Program(tinySession(), backend: backend, screen: .draw).run()
        #expect(outcome.exitStatus == 0)
        #expect(backend.presented.contains { $0.plainText.contains("where it lands") && $0.plainText.contains("-ELBO") })
        #expect(backend.presented.contains { $0.plainText.contains("its ellipse, close") })
    }
}

/// What came of a drawing, without a map.
private func answer(_ encoded: DrawState.Encoded, _ state: AppState) -> AppAction {
    EncodeDrawing(model: state.shown.now, image: nil, label: nil, map: nil).answer((encoded, PlanePictures()))
}
