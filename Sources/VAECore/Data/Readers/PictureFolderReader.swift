/// A folder of PNG and JPEG pictures, with a folder for each class as torchvision's ImageFolder has them, or without.
enum PictureFolderReader: DatasetReader {
    static let kind = "PNG and JPEG pictures"

    static func read(_ place: DataPlace, _ reading: Reading) throws(CoreError) -> ReadPictures? {
        guard place.isFolder, let folder = try PictureFolder(place.path) else { return nil }
        let classes = folder.classes()
        var notes: [String] = []
        if classes == nil, folder.train.first?.folder != nil {
            notes.append("without labels: there are more than 256 folders")
        }
        var train = PictureStack(reading)
        try train.add(folder.train)
        var test = PictureStack(reading, as: train)
        try test.add(folder.test ?? [])
        if train.isColour != test.isColour, folder.test != nil {
            train.expandToColour()
            test.expandToColour()
        }
        if let note = train.note ?? test.note { notes.append(note) }
        if train.isColour { notes.append("the pictures are in colour: --grey turns them to grey") }
        let labels = { (files: [PictureFolder.File]) -> [UInt8]? in
            classes.map { classes in files.map { $0.folder.flatMap { classes.labels[$0] } ?? 0 } }
        }
        return ReadPictures(
            train: train.set(labels: labels(folder.train)),
            test: folder.test.map { test.set(labels: labels($0)) }, classNames: classes?.names, notes: notes)
    }
}

/// Pictures of one size, one after another: grey until one in colour comes.
private struct PictureStack {
    private let reading: Reading
    private var size: PictureSize?
    /// The file that has set the size.
    private var model: String?
    private(set) var isColour = false
    private var pixels: [UInt8] = []
    private var stretched = 0

    init(_ reading: Reading) {
        self.reading = reading
        size = reading.resizes
        isColour = reading.isColour
    }

    /// A second one, of the size of the first.
    init(_ reading: Reading, as first: PictureStack) {
        (self.reading, size, model, isColour) = (reading, first.size, first.model, reading.isColour)
    }

    /// What was done to the pictures; nil for nothing.
    var note: String? {
        stretched > 0 ? "\(stretched) pictures of other proportions are stretched" : nil
    }

    /// Reads files and adds their pictures.
    /// - Throws: `CoreError(.data)` naming the first that is damaged, too large or of another size.
    mutating func add(_ files: [PictureFolder.File]) throws(CoreError) {
        for file in files {
            var picture = try Picture(path: file.path)
            try fit(&picture, from: file.path)
            if reading.isGrey { picture.reduceToGrey() }
            if picture.shape.channels == 3, !isColour { expandToColour() }
            if isColour { picture.expandToColour() }
            guard pixels.count + picture.pixels.count <= IDX.largestPayload else {
                throw CoreError(
                    .data, "the pictures need too much memory", at: file.path,
                    expected: "at most \(IDX.largestPayload) values in all", remedy: "give a smaller --size, or --grey")
            }
            pixels += picture.pixels
        }
    }

    private mutating func fit(_ picture: inout Picture, from path: String) throws(CoreError) {
        let own = PictureSize(height: picture.shape.height, width: picture.shape.width)
        guard let size else {
            let sides = 1...IDX.largestSide
            guard sides.contains(own.height), sides.contains(own.width) else {
                throw CoreError(
                    .data, "a picture too large to train on", at: path, expected: "sides up to \(IDX.largestSide)",
                    found: "\(own.height)×\(own.width)", remedy: "give --size HEIGHTxWIDTH")
            }
            (self.size, model) = (own, path)
            return
        }
        if reading.resizes != nil {
            if own.height * size.width != own.width * size.height { stretched += 1 }
            return picture.resize(height: size.height, width: size.width)
        }
        guard own == size else {
            throw CoreError(
                .data, "pictures of several sizes", at: path,
                expected: "\(size.height)×\(size.width), as \(model.map(FileSystem.lastComponent) ?? "the first")",
                found: "\(own.height)×\(own.width)", remedy: "give --size HEIGHTxWIDTH, such as --size 28x28")
        }
    }

    mutating func expandToColour() {
        guard !isColour else { return }
        pixels = Picture.expanded(pixels)
        isColour = true
    }

    func set(labels: [UInt8]?) -> ImageSet {
        let size = size ?? PictureSize(height: 1, width: 1)
        let shape = ImageShape(height: size.height, width: size.width, channels: isColour ? 3 : 1)
        return ImageSet(shape: shape, pixels: pixels, labels: labels)
    }
}
