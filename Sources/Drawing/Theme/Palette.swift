/// Which of a cell's two colours is meant.
package enum Ground: Sendable { case foreground, background }

/// The xterm palette from 16 to 255: a cube of 6 × 6 × 6 colours and a ramp of 24 greys.
package enum Palette {
    /// Black that no theme changes; what pictures stand on.
    package static let black: Color = 16
    /// White that no theme changes.
    package static let white: Color = 231

    /// Ten colours that read on black and are told apart, for the ten classes.
    package static let classes: [Color] = [75, 208, 82, 203, 177, 180, 218, 250, 226, 51]

    /// The ten class colours, repeated for data with more classes.
    package static func classColor(_ label: Int) -> Color {
        classes[((label % classes.count) + classes.count) % classes.count]
    }

    /// The thirty greys from black to white: palette index and brightness 0…255.
    package static let greys: [(index: UInt8, level: UInt8)] = {
        var greys: [(index: UInt8, level: UInt8)] = (0..<24).map { (UInt8(232 + $0), UInt8(8 + 10 * $0)) }
        greys += [(16, 0), (59, 95), (102, 135), (145, 175), (188, 215), (231, 255)]
        return greys.sorted { $0.level < $1.level }
    }()

    /// The four greys of a 16-colour terminal, named by the palette indices that become its colours
    /// 0, 8, 7 and 15, with the brightness those have on common terminals.
    package static let fourGreys: [(index: UInt8, level: UInt8)] = [(16, 0), (102, 127), (188, 208), (231, 255)]

    /// The brightness 0…255 of each step along a side of the cube.
    static let cubeLevels: [Int] = [0, 95, 135, 175, 215, 255]

    /// Red, green and blue 0…255 of a palette index; black for 0…15, which themes define.
    package static func rgb(_ index: UInt8) -> (red: Int, green: Int, blue: Int) {
        if index < 16 { return (0, 0, 0) }
        if index >= 232 {
            let level = 8 + 10 * (Int(index) - 232)
            return (level, level, level)
        }
        let cube = Int(index) - 16
        return (cubeLevels[cube / 36], cubeLevels[cube / 6 % 6], cubeLevels[cube % 6])
    }

    /// The palette's colour nearest to another.
    package static func nearest(red: Int, green: Int, blue: Int) -> Color {
        var best: UInt8 = 16
        var least = Int.max
        for index in UInt8(16)...255 {
            let color = rgb(index)
            let (r, g, b) = (color.red - red, color.green - green, color.blue - blue)
            let distance = 3 * r * r + 6 * g * g + b * b
            if distance < least { (least, best) = (distance, index) }
        }
        return Color(best)
    }

    /// The colour 0…15 (0…7 with eight colours) that stands for a palette index on a lesser terminal.
    package static func reduced(_ index: UInt8, to colors: ColorDepth, _ ground: Ground) -> Int {
        let sixteen = Int(sixteenTable[Int(index)])
        guard colors == .eight else { return sixteen }
        if sixteen == 8 { return ground == .foreground ? 7 : 0 }
        return sixteen & 7
    }

    private static let sixteenTable: [UInt8] = (0...255).map { index in
        let color = rgb(UInt8(index))
        let high = max(color.red, color.green, color.blue)
        let low = min(color.red, color.green, color.blue)
        if high - low < 48 {
            return high < 64 ? 0 : high < 168 ? 8 : high < 235 ? 7 : 15
        }
        let middle = (high + low) / 2
        let hue = (color.red > middle ? 1 : 0) + (color.green > middle ? 2 : 0) + (color.blue > middle ? 4 : 0)
        return UInt8(hue + (high >= 200 ? 8 : 0))
    }
}
