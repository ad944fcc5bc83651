extension Catalogue {
    /// Every data set known by name. A new one is a new row here.
    public static let entries = [
        Entry(
            name: "mnist", description: "handwritten digits: 60,000 to train on, 10,000 held out, 28×28 grey",
            folders: ["mnist", "MNIST/raw", "mnist/MNIST/raw", "MNIST"], systemFolders: [],
            remedy: "latent data fetch mnist, or put \(fileNames) (from ossci-datasets.s3.amazonaws.com/mnist/ or "
                + "storage.googleapis.com/cvdf-datasets/mnist/) into a folder 'mnist' there, or use mnist-5k",
            fingerprint: 0xe4ca_5f57, download: .mnist),
        Entry(
            name: "fashion-mnist", description: "pictures of clothes: 60,000 to train on, 10,000 held out, 28×28 grey",
            folders: ["fashion-mnist", "FashionMNIST/raw", "fashion-mnist/FashionMNIST/raw", "FashionMNIST"],
            systemFolders: ["/usr/share/datasets/fashion-mnist"],
            remedy: "latent data fetch fashion-mnist, install Debian's package dataset-fashion-mnist, or put \(fileNames) "
                + "into a folder 'fashion-mnist' there",
            fingerprint: 0x1272_8439,
            classNames: [
                "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
            ], download: .fashion),
        Entry(
            name: "mnist-5k", description: "a part of MNIST that comes with the project: 4,500 and 500 digits",
            folders: ["mnist-5k"], systemFolders: [],
            remedy: "make it with script/make-mnist-5k, or run the program from the project's folder",
            fingerprint: 0x6df9_b963),
        Entry(
            name: "kmnist", description: "cursive Japanese letters: 60,000 to train on, 10,000 held out, 28×28 grey",
            folders: ["kmnist", "KMNIST/raw", "kmnist/KMNIST/raw", "KMNIST"], systemFolders: [],
            remedy: "latent data fetch kmnist, or put \(fileNames) into a folder 'kmnist' there",
            classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"], download: .kmnist),
        Entry(
            name: "qmnist", description: "MNIST remade with more held out: 60,000 digits to train on, 60,000 held out",
            folders: ["qmnist", "QMNIST/raw", "QMNIST"], systemFolders: [],
            remedy: "latent data fetch qmnist, or put its four .gz files into a folder 'qmnist' there",
            download: .qmnist),
    ] + [
        emnist("letters", "letters of both cases as 26 classes: 124,800 to train on, 20,800 held out", [""] + letters),
        emnist("digits", "digits: 240,000 to train on, 40,000 held out", nil),
        emnist("balanced", "digits and letters in 47 classes: 112,800 to train on, 18,800 held out", nil),
    ]

    private static let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }

    /// A split of EMNIST, whose files have rows and columns swapped.
    private static func emnist(_ split: String, _ content: String, _ names: [String]?) -> Entry {
        Entry(
            name: "emnist-\(split)", description: "\(content), 28×28 grey",
            folders: ["emnist", "emnist-\(split)", "EMNIST/raw", "emnist/gzip"], systemFolders: [],
            remedy: "latent data fetch emnist-\(split) (562 MB), or unpack gzip.zip of biometrics.nist.gov/cs_links/EMNIST/ into "
                + "a folder 'emnist' there",
            classNames: names, reading: Reading(split: split, transpose: true), download: .emnist)
    }

    static let fileNames =
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz"
}
