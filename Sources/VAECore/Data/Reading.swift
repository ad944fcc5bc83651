/// The height and width of a picture, in pixels.
public struct PictureSize: Sendable, Hashable, Codable {
    public var height, width: Int

    public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

    /// From text such as `28x28`, height first; nil for other text, and sides that are not from 1 to `IDX.largestSide`.
    public init?(_ text: String) {
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let height = sides[0], let width = sides[1],
            (1...IDX.largestSide).contains(height), (1...IDX.largestSide).contains(width)
        else { return nil }
        self.init(height: height, width: width)
    }
}

/// How files that leave something open are to be read; what the options of the same names say.
public struct Reading: Sendable, Hashable, Codable {
    /// Which of several sets in a folder: "letters" where there are emnist-letters-… and emnist-digits-….
    public var split: String?
    /// Whether rows and columns of the images are swapped, as EMNIST's are.
    public var transpose: Bool
    /// The size to which pictures in files of their own are brought, and that of the pictures in rows of numbers.
    public var size: PictureSize?
    /// Whether colour pictures are turned to grey.
    public var grey: Bool
    /// The model's images, for which pictures in files of their own are made to fit.
    public var fit: ImageShape?

    /// As the files say.
    public init(split: String? = nil, transpose: Bool = false, size: PictureSize? = nil, grey: Bool = false) {
        (self.split, self.transpose, self.size, self.grey) = (split, transpose, size, grey)
    }

    /// The size to which pictures in files of their own are brought; nil leaves them as they are.
    var resizes: PictureSize? { size ?? fit.map { PictureSize(height: $0.height, width: $0.width) } }
    /// Whether colour pictures are turned to grey, if only because the model's are.
    var isGrey: Bool { grey || fit?.channels == 1 }
    /// Whether grey pictures are given three channels because the model's have them.
    var isColour: Bool { !grey && fit?.channels == 3 }
}
