import Drawing
import Foundation
import TUI
import Testing
import VAECore

/// Planes besides that of two dimensions, in a z of 20 and of 200: what is walked, drawn and saved on them.
@Suite struct PlaneChoiceTests {
    private func ready(latent: Int, width: Int = 80, height: Int = 24) throws -> AppState {
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: latent))
        var state = tinyState(width: width, height: height, network: network)
        send(&state, .data(.ready(tinyDataset)))
        return state
    }

    private func press(_ state: inout AppState, _ keys: String) {
        for key in keys { send(&state, .key(key == "\n" ? .enter : .character(key))) }
    }

    private func components(_ state: AppState) throws -> PrincipalComponents {
        guard case .components(let components, _) = state.explore.basis else {
            throw CoreError(.model, "not the plane of components", at: "\(state.explore.basis)")
        }
        return components
    }

    private func mark(_ state: inout AppState, _ images: [Int]) {
        for (image, key) in zip(images, ["a", "b", "A"]) { press(&state, "#\(image + 1)\n\(key)") }
    }

    /// How far apart two points are.
    private func far(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }

    // MARK: Principal components

    /// The plane of the codes' first two components: its axes are said, and a walk goes along them and nowhere else.
    @Test(arguments: [20, 200]) func walkingAlongComponents(latent: Int) throws {
        var state = try ready(latent: latent)
        press(&state, "V")
        let found = try components(state)
        let codes = try #require(state.shown.trainingCodes)
        #expect(found == PrincipalComponents(codes))
        #expect(state.message?.text.contains("principal components 1 and 2") == true && state.message?.text.contains("% of the codes' variance") == true)
        state.message = nil
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains("PC 1") && text.contains("PC 2") && text.contains("%) up") && text.contains("plane PC 1 2"))

        let (start, plane) = (state.explore.cursor, state.explore.pictures.plane)
        send(&state, .key(.right), .key(.right), .key(.up))
        let origin = [Float](repeating: 0, count: latent)
        let step: Float = 0.8
        for (k, expected) in [2 * step, step, 0, 0].enumerated() {
            let along = found.direction(k, from: origin).coordinate(of: state.explore.cursor)
            #expect(abs(along - expected) < 1e-4, "PC \(k + 1)")
        }
        // The pictures stay as they are, and the way back ends where it began.
        #expect(state.explore.pictures.plane == plane)
        send(&state, .key(.left), .key(.left), .key(.down))
        #expect(far(state.explore.cursor, start) < 1e-5)
        // Beyond the edge the plane comes along, as that of dimensions does.
        for _ in 0..<5 { send(&state, .key(.right)) }
        #expect(abs(found.direction(0, from: origin).coordinate(of: state.explore.cursor) - 5 * step) < 1e-4)
        #expect(state.explore.pictures.plane != plane)
    }

    /// The other components, forwards, backwards and by number; then back to the dimensions.
    @Test func otherComponents() throws {
        var state = try ready(latent: 20)
        press(&state, "Vx")
        #expect(state.explore.axes == (2, 1))
        press(&state, "XXy")
        #expect(state.explore.axes == (19, 2))
        press(&state, "z4 9\n")
        #expect(state.explore.axes == (3, 8) && state.explore.dimensions == (0, 1))
        #expect(drawn(state).joined().contains("plane PC 4 9"))
        press(&state, "V")
        #expect(state.explore.basis == .dimensions && state.explore.plane.across == 0 && state.explore.plane.up == 1)
        #expect(state.message?.text.contains("A, c for the plane through three points") == true)
    }

    /// Codes, densities and rows on the plane of components; all of it goes to files.
    @Test(arguments: [20, 200]) func viewsAndFilesOfComponents(latent: Int) throws {
        var state = try ready(latent: latent)
        press(&state, "V")
        send(&state, .key(.right))
        func file(_ key: Character) { send(&state, .key(.character(key))) }
        func wrote(_ name: String) -> Bool { state.message?.text.contains("/latent-\(name)-step0") == true }
        file("p")
        #expect(wrote("plane"))
        press(&state, "v")
        // Every code is where its two scores put it.
        let codes = try #require(state.mappedCodes?.codes)
        let found = try components(state)
        let inside = (0..<codes.count).count { index in
            let scores = (0..<2).map { k in (0..<latent).reduce(Float(0)) { $0 + found.vectors[k][$1] * codes.code(index)[$1] } }
            return abs(scores[0]) < 2.8 && abs(scores[1]) < 2
        }
        // Seven by five pictures of 7 × 4 cells; codes in one cell share a digit, and the cursor covers some.
        let digits = drawn(state)[1...20].map { $0.prefix(49) }.joined().count { $0.isNumber }
        #expect(inside > 3 && digits > 0 && digits <= inside)
        file("p")
        #expect(wrote("codes"))
        press(&state, "v")
        #expect(state.explore.density?.logRatio.contains { $0 > AggregatePosterior.floor } == true)
        file("p")
        #expect(wrote("density"))
        press(&state, "v")
        #expect(state.explore.traversals.dimensions.prefix(3) == [0, 1, 2])
        #expect(drawn(state).joined().contains(">PC 1"))
        let before = state.explore.cursor
        send(&state, .key(.down), .key(.right))
        #expect(state.explore.axes.across == 1)
        let origin = [Float](repeating: 0, count: latent)
        let moved = (0..<3).map { k in
            found.direction(k, from: origin).coordinate(of: state.explore.cursor) - found.direction(k, from: origin).coordinate(of: before)
        }
        #expect(abs(moved[0]) < 1e-4 && moved[1] > 0.1 && abs(moved[2]) < 1e-4)
        file("p")
        #expect(wrote("traversals"))
        press(&state, "vab")
        send(&state, .key(.left))
        press(&state, "b")
        file("P")
        #expect(wrote("path"))
    }

    /// A run's steps are seen, and saved, on the one plane; the axes say whose components they are.
    @Test func stepsOnOnePlane() throws {
        var state = try ready(latent: 20, width: 120, height: 40)
        let network = state.shown.snapshot.network
        func mail(_ steps: ClosedRange<Int>) -> AppAction {
            var mail = tinyMail(steps: steps)
            mail.snapshot = tinySnapshot(step: steps.upperBound, network: network)
            return .mail(mail)
        }
        press(&state, "V")
        #expect(try components(state).step == 0)
        press(&state, "t")
        // Another model's components mean nothing in a run's.
        #expect(state.explore.basis == .dimensions)
        send(&state, mail(1...5), mail(6...10), .key("2"))
        press(&state, "V")
        #expect(try components(state).step == 10)
        let plane = state.explore.plane
        send(&state, mail(11...15))
        state.message = nil
        #expect(state.explore.plane == plane && state.model.step == 15)
        #expect(drawn(state).joined().contains("of step 10"))
        let lapse = try #require(jobs(ExportTimeLapse.self, in: update(&state, .key("P"))).first)
        #expect(lapse.plane == state.explore.pictures.plane && lapse.snapshots.map(\.step) == [5, 10, 15])
        send(&state, .key(","))
        #expect(state.explore.pictures.plane?.across == plane.across)
    }

    @Test func noComponents() throws {
        var state = try ready(latent: 1)
        press(&state, "V")
        #expect(state.message?.text.contains("one dimension") == true && state.explore.basis == .dimensions)
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 20))
        var bare = tinyState(network: network)
        send(&bare, .data(.missing("no data set found")))
        press(&bare, "V")
        #expect(bare.message?.text == "principal components need a data set" && bare.explore.basis == .dimensions)
    }

    // MARK: Three points

    /// The plane through the codes of three images goes through them, and is walked like any other.
    @Test(arguments: [2, 20, 200]) func throughThreeImages(latent: Int) throws {
        var state = try ready(latent: latent)
        mark(&state, [3, 8, 5])
        let codes = try #require(state.shown.codes)
        #expect(state.explore.path.start == codes.code(3) && state.explore.path.end == codes.code(8))
        #expect(state.explore.path.third == codes.code(5) && state.message?.text.contains("V changes to the plane") == true)
        press(&state, "VV")
        #expect(state.explore.basis == .points([3, 8, 5].map(codes.code)))
        let plane = try #require(state.explore.pictures.plane)
        for image in [3, 8, 5] {
            let shares = plane.shares(of: codes.code(image))
            #expect((0...1).contains(shares.across) && (0...1).contains(shares.up))
            #expect(far(plane.point(shares.across, shares.up), codes.code(image)) < 1e-5)
        }
        #expect(far(state.explore.cursor, codes.code(3)) < 1e-6)
        state.message = nil
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains("a to b across") && text.contains("plane a b c"))
        send(&state, .key(.right), .key(.up), .key(.left), .key(.down))
        #expect(far(state.explore.cursor, codes.code(3)) < 1e-5 && state.explore.pictures.plane == plane)
        // A jump elsewhere takes the plane along, and that is said.
        if latent > 2 {
            press(&state, "#1\n")
            #expect(far(state.explore.cursor, codes.code(0)) == 0)
            state.message = nil
            #expect(drawn(state).joined().contains("beside the plane of a, b, c"))
            press(&state, "0")
            #expect(drawn(state).joined().contains("a to b across"))
        }
        // Marked anew, the plane goes through the new mark.
        press(&state, "#2\nA")
        #expect(state.explore.basis == .points([3, 8, 1].map(codes.code)))
        #expect(state.explore.plane.through(codes.code(1)) == state.explore.plane)
        for layer in ExploreLayer.allCases {
            #expect(state.explore.layer == layer)
            #expect(!update(&state, .key("p")).isEmpty)
            press(&state, "v")
        }
        press(&state, "V")
        #expect(state.explore.basis == .dimensions)
    }

    @Test func pointsOnALine() throws {
        var state = try ready(latent: 20)
        press(&state, "a")
        send(&state, .key(.right))
        press(&state, "b")
        send(&state, .key(.right))
        press(&state, "AVV")
        #expect(state.explore.basis == .dimensions)
    }

    // MARK: By number

    /// In a z of 200 any dimension is a number away, and an image is one too.
    @Test func byNumber() throws {
        var state = try ready(latent: 200)
        press(&state, "z150\n")
        #expect(state.explore.dimensions == (149, 1) && state.overlay == nil)
        press(&state, "zz17, 3\n")
        #expect(state.explore.dimensions == (16, 2))
        for (text, reason) in [("0", "1 to 200"), ("201", "1 to 200"), ("", "a number"), ("1 2 3", "a number"), ("x", "a number"), ("5 5", "two different")] {
            press(&state, "z\(text)\n")
            #expect(state.message?.isError == true && state.message?.text.contains(reason) == true, "\(text)")
            #expect(state.overlay == .typing(.axes, text) && state.explore.dimensions == (16, 2))
            send(&state, .key(.escape))
        }
        // The row of a dimension far down.
        press(&state, "vvvz170\n")
        #expect(state.explore.traversals.dimensions.contains(169) && drawn(state).joined().contains(">z170"))
        let codes = try #require(state.shown.codes)
        press(&state, "#12\n")
        #expect(state.explore.cursor == codes.code(11) && state.message?.text == "held-out image 12, class 1, at its code")
        press(&state, "f#3+#4\n")
        #expect(far(state.explore.cursor, zip(codes.code(2), codes.code(3)).map { $0 + $1 }) < 1e-6)
        for number in ["0", "13"] {
            press(&state, "#\(number)\n")
            #expect(state.message?.text == "the held-out images are numbered 1 to 12")
            send(&state, .key(.escape))
        }
    }

    // MARK: Classes

    /// A mean that lies among another class says so; a medoid is an image of its class.
    @Test func meansAndMedoids() throws {
        var state = try ready(latent: 2)
        // The twos lie around the ones.
        let ones = (0..<10).flatMap { n in [0.1 * Float(n % 5), 0.05 * Float(n)] }
        let twos: [Float] = [-3, 0, 3, 0, 0, 3.1, 0, -3]
        state.shown.trainingCodes = LatentCodes(
            mean: ones + twos, deviation: [Float](repeating: 0.1, count: 28), latent: 2,
            labels: [UInt8](repeating: 1, count: 10) + [2, 2, 2, 2], step: state.model.step)
        press(&state, "nn")
        #expect(state.message?.text == "mean code of class 2; the images nearest to it are mostly 1: u goes to a typical 2")
        press(&state, "N")
        #expect(state.message?.text == "mean code of class 1")
        press(&state, "u")
        #expect(state.message?.text.hasPrefix("medoid of class 1: training image") == true)
        press(&state, "u")
        #expect(state.explore.cursor == [0, -3] || state.explore.cursor == [-3, 0] || state.explore.cursor == [3, 0])
        let there = state.explore.cursor
        press(&state, "Ufm2\n")
        #expect(state.explore.cursor == there)
    }

    // MARK: Two models

    /// Each model's own components side by side, under one cursor, whatever the sizes of their z.
    @Test func componentsOfTwoModels() throws {
        var state = try tinySession(tinyListings[0]).initialState(width: 120, height: 40, Capabilities())
        send(&state, .data(.ready(tinyDataset)), .key("5"))
        for _ in 0..<8 where state.beside?.model.latent != 200 { send(&state, .key(.down), .key("b")) }
        try #require(state.beside?.model.latent == 200)
        send(&state, .key("2"), .key("0"))
        var planes = jobs(DecodePlane.self, in: update(&state, .resize(width: 120, height: 40)))
        #expect(planes.count == 2 && planes[1].plane.center.count == 200)
        press(&state, "V")
        send(&state, .key(.right))
        planes = jobs(DecodePlane.self, in: update(&state, .resize(width: 120, height: 40)))
        try #require(planes.count == 2)
        let codes = try #require(state.beside?.codes)
        let own = try #require(PrincipalComponents(codes))
        #expect(planes[1].plane.across == own.direction(0, from: [Float](repeating: 0, count: 200)))
        let places = planes.map { $0.plane.coordinates(of: $0.cursor) }
        #expect(abs(places[0].across - places[1].across) < 1e-4 && places[0].across > 0.1)
        for _ in 0..<3 { press(&state, "v") }
        press(&state, "v")
        #expect(drawn(state).joined().components(separatedBy: "PC 1").count > 2)
        // Three images: the plane through the same three in both.
        mark(&state, [1, 4, 9])
        press(&state, "V")
        planes = jobs(DecodePlane.self, in: update(&state, .resize(width: 120, height: 40)))
        try #require(planes.count == 2)
        #expect(planes[1].plane.through(codes.code(4)) == planes[1].plane)
    }

    // MARK: A z of one dimension

    /// The line of pictures at the bottom, the codes by class above it.
    @Test(arguments: [(40, 12), (80, 24), (120, 40), (200, 60)]) func aLine(size: (Int, Int)) throws {
        var state = try ready(latent: 1, width: size.0, height: size.1)
        let line = try #require(state.explore.line)
        #expect(line.labels == (0..<10).map { $0 } && line.density.count == 10)
        press(&state, "0")
        let above = drawn(state).dropFirst().prefix(3).joined()
        #expect(above.contains { $0.isNumber })
        // A click above the line goes to the place below it.
        send(&state, .mouse(x: 3, y: 2, .press(1)))
        #expect(state.explore.cursor[0] < -1)
        press(&state, "v")
        #expect(drawn(state).joined().contains("▁") || size.1 < 20)
        #expect(asks(for: ExportDrawing.self, update(&state, .key("p"))))
        press(&state, "v")
        #expect(drawn(state).joined().contains("•"))
        press(&state, "vv")
        #expect(state.explore.layer == .pictures && asks(for: ExportPictures.self, update(&state, .key("p"))))
    }

    // MARK: Any keys

    /// Whatever is pressed, in whatever order, every screen can be drawn and the cursor is a place.
    @Test(arguments: [1, 2, 20, 200], [(40, 12), (120, 40)]) func anyKeys(latent: Int, size: (Int, Int)) throws {
        var state = try ready(latent: latent, width: size.0, height: size.1)
        var random = Seeded(state: UInt64(latent))
        let keys: [Key] = "hjklHJKL+-0vVie xyXYz#aAbgonNuUfm',.19c7\n".map { $0 == "\n" ? .enter : .character($0) } + [.escape]
        for _ in 0..<250 {
            // Nothing is written: p and P are left out.
            send(&state, .key(keys[Int.random(in: 0..<keys.count, using: &random)]))
            if state.screen != .explore { send(&state, .key(.escape), .key("2")) }
            #expect(state.explore.cursor.count == latent && state.explore.cursor.allSatisfy { $0.isFinite })
            #expect(drawn(state).count >= size.1)
        }
        let shown = try #require(state.explore.pictures.plane)
        #expect(shown.across == state.explore.plane.across && shown.up == state.explore.plane.up)
    }
}
