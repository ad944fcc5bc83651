/// The colours that stand for a pixel's value.
package struct ColorRamp: Sendable, Equatable {
    /// Whether values run from -1 to 1 (a difference) rather than from 0 to 1 (a brightness).
    package let isSigned: Bool
    /// 256 colours each, from the lowest value to the highest: for any colour, for the palette's, for sixteen.
    private let exact, fine, coarse: [Color]

    private init(isSigned: Bool, exact: [Color], fine: [Color], coarse: [Color]) {
        self.isSigned = isSigned
        self.exact = exact
        self.fine = fine
        self.coarse = coarse
    }

    /// 256 colours, from the lowest value to the highest.
    package func table(_ colors: ColorDepth) -> [Color] {
        switch colors {
        case .truecolor: exact
        case .palette256: fine
        default: coarse
        }
    }

    /// The colour for a value; not-a-number counts as the lowest.
    package func color(_ value: Float, _ colors: ColorDepth) -> Color {
        table(colors)[toneIndex(isSigned ? value * 0.5 + 0.5 : value)]
    }

    // MARK: The ramps

    /// Black to white.
    package static let gray = ColorRamp(
        isSigned: false, exact: between([(0, 0, 0), (255, 255, 255)]), fine: nearestGreys(Palette.greys),
        coarse: nearestGreys(Palette.fourGreys))

    /// Blue for negative, black for zero, red for positive.
    package static let diverging: ColorRamp = {
        let negative: [Color] = [16, 17, 18, 19, 20, 21, 27, 33, 39, 45]
        let positive: [Color] = [16, 52, 88, 124, 160, 196, 203, 210, 217, 224]
        func table(_ negative: [Color], _ positive: [Color]) -> [Color] {
            (0...255).map { step in
                let value = (Double(step) - 127.5) / 127.5
                let side = value < 0 ? negative : positive
                return side[Int((abs(value) * Double(side.count - 1)).rounded())]
            }
        }
        return ColorRamp(
            isSigned: true, exact: between([(64, 208, 255), (0, 80, 255), (0, 0, 0), (255, 32, 32), (255, 216, 208)]),
            fine: table(negative, positive), coarse: table([16, 18, 33], [16, 88, 203]))
    }()

    /// Black to a colour, by brightness.
    package static func tint(_ color: Color) -> ColorRamp {
        let full = color.rgb
        let steps = (0...32).map {
            Palette.nearest(red: full.red * $0 / 32, green: full.green * $0 / 32, blue: full.blue * $0 / 32)
        }
        let table = (0...255).map { steps[($0 * 32 + 127) / 255] }
        return ColorRamp(
            isSigned: false, exact: between([(0, 0, 0), (Double(full.red), Double(full.green), Double(full.blue))]),
            fine: table, coarse: table)
    }

    /// Dark violet over green to yellow: as bright as the value is large, also for who does not tell red from green, and
    /// in print. (Smith and van der Walt's viridis, through ten of its colours.)
    package static let viridis = through([
        (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121),
        (109, 205, 89), (180, 222, 44), (253, 231, 37),
    ], coarse: [18, 30, 34, 226])

    /// Blue over grey to yellow. (Nuñez, Anderton and Renslow 2018, through nine of its colours.)
    package static let cividis = through([
        (0, 32, 77), (0, 51, 111), (57, 71, 107), (87, 93, 109), (112, 113, 115), (138, 135, 121), (166, 157, 117),
        (196, 181, 108), (255, 234, 70),
    ], coarse: [18, 102, 188, 226])

    /// White to black: ink on paper.
    package static let paper = ColorRamp(
        isSigned: false, exact: gray.exact.reversed(), fine: gray.fine.reversed(), coarse: gray.coarse.reversed())

    // MARK: Making them

    private typealias Stop = (red: Double, green: Double, blue: Double)

    private static func through(_ stops: [Stop], coarse: [Color]) -> ColorRamp {
        ColorRamp(
            isSigned: false, exact: between(stops),
            fine: (0...255).map { level in
                let (red, green, blue) = mixture(stops, at: Double(level) / 255)
                return Palette.nearest(red: red, green: green, blue: blue)
            },
            coarse: (0...255).map { coarse[$0 * coarse.count / 256] })
    }

    /// Sixty-five colours from the first to the last of some, evenly spaced, so that there is one in the middle. More cannot
    /// be told apart on a small picture, and a frame with more is longer.
    private static func between(_ stops: [Stop]) -> [Color] {
        (0...255).map { level in
            let (red, green, blue) = mixture(stops, at: Double((level * 64 + 127) / 255) / 64)
            return Color(red: red, green: green, blue: blue)
        }
    }

    /// The colour at a place 0…1 between some, evenly spaced.
    private static func mixture(_ stops: [Stop], at place: Double) -> (red: Int, green: Int, blue: Int) {
        let place = place * Double(stops.count - 1)
        let (a, b) = (stops[Int(place)], stops[min(stops.count - 1, Int(place) + 1)])
        let part = place - place.rounded(.down)
        func mix(_ a: Double, _ b: Double) -> Int { Int(a + (b - a) * part + 0.5) }
        return (mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue))
    }

    private static func nearestGreys(_ greys: [(index: UInt8, level: UInt8)]) -> [Color] {
        (0...255).map { level in
            var best = greys[0]
            for grey in greys where abs(Int(grey.level) - level) < abs(Int(best.level) - level) { best = grey }
            return Color(best.index)
        }
    }
}

/// The entry 0…255 of a ramp's table for a value 0…1; below, above and not-a-number are brought inside.
@inline(__always)
package func toneIndex(_ value: Float) -> Int {
    let inside = value > 0 ? (value < 1 ? value : 1) : 0
    return Int(inside * 255 + 0.5)
}
