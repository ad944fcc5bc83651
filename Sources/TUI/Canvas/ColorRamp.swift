/// The colours that stand for a pixel's value.
public struct ColorRamp: Sendable, Equatable {
    /// Whether values run from -1 to 1 (a difference) rather than from 0 to 1 (a brightness).
    public let isSigned: Bool
    private let fine: [UInt8]
    private let coarse: [UInt8]

    private init(isSigned: Bool, fine: [UInt8], coarse: [UInt8]) {
        self.isSigned = isSigned
        self.fine = fine
        self.coarse = coarse
    }

    /// 256 palette indices, from the lowest value to the highest.
    public func table(_ colors: ColorDepth) -> [UInt8] { colors == .palette256 ? fine : coarse }

    /// The palette index for a value; not-a-number counts as the lowest.
    public func color(_ value: Float, _ colors: ColorDepth) -> UInt8 {
        table(colors)[toneIndex(isSigned ? value * 0.5 + 0.5 : value)]
    }

    /// Black to white.
    public static let gray = ColorRamp(
        isSigned: false, fine: nearestGreys(Palette.greys), coarse: nearestGreys(Palette.fourGreys))

    /// Blue for negative, black for zero, red for positive.
    public static let diverging: ColorRamp = {
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
    public static func tint(_ color: UInt8) -> ColorRamp {
        let full = Palette.rgb(color)
        let steps: [UInt8] = (0...32).map {
            Palette.nearest(red: full.red * $0 / 32, green: full.green * $0 / 32, blue: full.blue * $0 / 32)
        }
        let table: [UInt8] = (0...255).map { steps[($0 * 32 + 127) / 255] }
        return ColorRamp(isSigned: false, fine: table, coarse: table)
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
func toneIndex(_ value: Float) -> Int {
    let inside = value > 0 ? (value < 1 ? value : 1) : 0
    return Int(inside * 255 + 0.5)
}
