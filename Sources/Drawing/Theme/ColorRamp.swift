/// The colours that stand for a pixel's value.
package struct ColorRamp: Sendable, Equatable {
    /// Whether values run from -1 to 1 (a difference) rather than from 0 to 1 (a brightness).
    package let isSigned: Bool
    private let fine: [UInt8]
    private let coarse: [UInt8]

    private init(isSigned: Bool, fine: [UInt8], coarse: [UInt8]) {
        self.isSigned = isSigned
        self.fine = fine
        self.coarse = coarse
    }

    /// 256 palette indices, from the lowest value to the highest.
    package func table(_ colors: ColorDepth) -> [UInt8] { colors == .palette256 ? fine : coarse }

    /// The palette index for a value; not-a-number counts as the lowest.
    package func color(_ value: Float, _ colors: ColorDepth) -> UInt8 {
        table(colors)[toneIndex(isSigned ? value * 0.5 + 0.5 : value)]
    }

    /// Black to white.
    package static let gray = ColorRamp(
        isSigned: false, fine: nearestGreys(Palette.greys), coarse: nearestGreys(Palette.fourGreys))

    /// Blue for negative, black for zero, red for positive.
    package static let diverging: ColorRamp = {
        let negative: [UInt8] = [16, 17, 18, 19, 20, 21, 27, 33, 39, 45]
        let positive: [UInt8] = [16, 52, 88, 124, 160, 196, 203, 210, 217, 224]
        func table(_ negative: [UInt8], _ positive: [UInt8]) -> [UInt8] {
            (0...255).map { step in
                let value = (Double(step) - 127.5) / 127.5
                let side = value < 0 ? negative : positive
                return side[Int((abs(value) * Double(side.count - 1)).rounded())]
            }
        }
        return ColorRamp(
            isSigned: true, fine: table(negative, positive), coarse: table([16, 18, 33], [16, 88, 203]))
    }()

    /// Black to a palette colour, by brightness.
    package static func tint(_ color: UInt8) -> ColorRamp {
        let full = Palette.rgb(color)
        let steps: [UInt8] = (0...32).map {
            Palette.nearest(red: full.red * $0 / 32, green: full.green * $0 / 32, blue: full.blue * $0 / 32)
        }
        let table: [UInt8] = (0...255).map { steps[($0 * 32 + 127) / 255] }
        return ColorRamp(isSigned: false, fine: table, coarse: table)
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
    package static let paper = ColorRamp(isSigned: false, fine: gray.fine.reversed(), coarse: gray.coarse.reversed())

    /// The palette's nearest to the colours between some, evenly spaced.
    private static func through(_ stops: [(Double, Double, Double)], coarse: [UInt8]) -> ColorRamp {
        let fine: [UInt8] = (0...255).map { level in
            let place = Double(level) / 255 * Double(stops.count - 1)
            let (a, b) = (stops[Int(place)], stops[min(stops.count - 1, Int(place) + 1)])
            let part = place - place.rounded(.down)
            func mix(_ a: Double, _ b: Double) -> Int { Int(a + (b - a) * part + 0.5) }
            return Palette.nearest(red: mix(a.0, b.0), green: mix(a.1, b.1), blue: mix(a.2, b.2))
        }
        let steps: [UInt8] = (0...255).map { coarse[$0 * coarse.count / 256] }
        return ColorRamp(isSigned: false, fine: fine, coarse: steps)
    }

    private static func nearestGreys(_ greys: [(index: UInt8, level: UInt8)]) -> [UInt8] {
        (0...255).map { level in
            var best = greys[0]
            for grey in greys where abs(Int(grey.level) - level) < abs(Int(best.level) - level) { best = grey }
            return best.index
        }
    }
}

/// The entry 0…255 of a ramp's table for a value 0…1; below, above and not-a-number are brought inside.
@inline(__always)
package func toneIndex(_ value: Float) -> Int {
    let inside = value > 0 ? (value < 1 ? value : 1) : 0
    return Int(inside * 255 + 0.5)
}
