import Drawing
import TUI

/// A canvas of `x`, so that cells nobody drew show.
func marked(_ width: Int, _ height: Int) -> Canvas {
    Canvas(width: width, height: height, filledWith: Cell("x"))
}

let colored = Capabilities()
let plain = Capabilities(unicode: false, colors: .none)

/// A small random source, so that a failing seed can be run again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A ring with soft edges, the nearest thing to a handwritten zero.
func ring(_ size: Int = 28) -> Bitmap {
    Bitmap(width: size, height: size) { x, y in
        let middle = Double(size - 1) / 2
        let (dx, dy) = (Double(x) - middle, Double(y) - middle)
        let distance = abs((dx * dx + dy * dy).squareRoot() - Double(size) * 0.3)
        return Float(max(0, min(1, 1.6 - distance / (Double(size) * 0.05))))
    }
}
