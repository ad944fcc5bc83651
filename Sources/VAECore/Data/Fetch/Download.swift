/// Where the files of a data set are on the network, and by what each is known to be whole.
public struct Download: Sendable, Equatable {
    /// One file.
    public struct File: Sendable, Equatable {
        /// Its name at the mirrors and on disk.
        public let name: String
        /// The dimensions of the images; of labels, their number alone.
        public let dimensions: [Int]
        /// The SHA-256 of the bytes when unpacked; nil if it is not known.
        public let sha256: String?
    }

    /// The folders that have the files, in order of preference; each ends with a slash.
    public let mirrors: [String]
    public let files: [File]

    private init(_ mirrors: [String], _ names: [String], train: Int = 60_000, test: Int = 10_000, hashes: [String] = []) {
        self.mirrors = mirrors
        let dimensions = [[train, 28, 28], [train], [test, 28, 28], [test]]
        files = names.indices.map { place in
            File(
                name: names[place], dimensions: dimensions[place],
                sha256: hashes.indices.contains(place) ? hashes[place] : nil)
        }
    }

    private static let names = [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]

    static let mnist = Download(
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"], names,
        hashes: [
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ])
    static let fashion = Download(["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"], names)
    static let kmnist = Download(["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"], names)
    static let qmnist = Download(
        ["https://raw.githubusercontent.com/facebookresearch/qmnist/master/"],
        [
            "qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz", "qmnist-test-images-idx3-ubyte.gz",
            "qmnist-test-labels-idx2-int.gz",
        ], test: 60_000)

    /// The largest a file may be, packed: twice the largest here.
    package static let largestFile = 60_000_000

    /// Checks that these are the bytes of a file.
    /// - Parameter place: where they come from, for errors.
    /// - Throws: `CoreError(.data)` when they are not.
    package static func verify(_ bytes: [UInt8], as file: File, at place: String) throws(CoreError) {
        var found = file.dimensions
        var hash: String?
        if file.dimensions.count == 1, file.sha256 == nil {
            found = [try IDXLabels.parse(bytes, name: place).count]
        } else {
            let content = try IDX(bytes: bytes, name: place)
            found = content.dimensions
            if file.sha256 != nil { hash = SHA256.hex(content.encoded(gzip: false)) }
        }
        let text = { (numbers: [Int]) in numbers.map(String.init).joined(separator: "×") }
        guard found == file.dimensions else {
            throw CoreError(
                .data, "another file than \(file.name)", at: place, expected: text(file.dimensions), found: text(found))
        }
        guard hash == file.sha256 else {
            throw CoreError(
                .data, "other bytes than those of \(file.name)", at: place, expected: "SHA-256 \(file.sha256 ?? "")",
                found: hash)
        }
    }
}
