/// The size of one image: rows, columns, channels. Pixels are stored row-major, channels last.
public struct ImageShape: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Rows and columns in pixels, and numbers per pixel.
    public var height, width, channels: Int

    /// A size; grey where no channels are given.
    public init(height: Int, width: Int, channels: Int = 1) {
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Numbers in one image.
    public var count: Int { height * width * channels }

    /// Whether such images can be drawn and written: grey, or red, green and blue.
    public var isDrawable: Bool { channels == 1 || channels == 3 }

    /// The size as messages show it: `28x28x1`.
    public var description: String { "\(height)x\(width)x\(channels)" }

    /// 28×28, one channel.
    public static let mnist = ImageShape(height: 28, width: 28)
}
