/// What can be fetched. The hashes of MNIST and Fashion-MNIST are of what the files hold, so that any mirror's packing will
/// do; those of Kuzushiji-MNIST and EMNIST are of the files that their makers publish, as other libraries know them
/// (torchvision-ruby, TensorFlow Datasets).
extension Download {
    static let mnist = Download(
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
        files(
            usual, [
                .unpacked("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                .unpacked("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                .unpacked("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                .unpacked("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            ]))

    static let fashion = Download(
        [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        files(
            usual, [
                .unpacked("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                .unpacked("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                .unpacked("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                .unpacked("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            ]))

    static let kmnist = Download(
        ["https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
        files(
            usual, [
                .packed("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                .packed("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
                .packed("edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
                .packed("20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
            ]))

    static let qmnist = Download(
        ["https://raw.githubusercontent.com/facebookresearch/qmnist/master/"],
        files(
            [
                "qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz", "qmnist-test-images-idx3-ubyte.gz",
                "qmnist-test-labels-idx2-int.gz",
            ], test: 60_000))

    /// Three splits of EMNIST, all in one archive.
    static let emnist = Download(
        ["https://biometrics.nist.gov/cs_links/EMNIST/", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"],
        emnistFiles("letters", 124_800, 20_800) + emnistFiles("digits", 240_000, 40_000)
            + emnistFiles("balanced", 112_800, 18_800),
        archive: Archive(
            name: "gzip.zip", size: 561_753_746, sha256: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
            folder: "gzip/"))

    private static let usual = [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]

    /// Images of 28×28 and labels to train on, then those held out.
    private static func files(_ names: [String], _ hashes: [Hash] = [], train: Int = 60_000, test: Int = 10_000) -> [File] {
        let dimensions = [[train, 28, 28], [train], [test, 28, 28], [test]]
        return names.indices.map { place in
            File(
                name: names[place], dimensions: dimensions[place],
                hash: hashes.indices.contains(place) ? hashes[place] : .unknown)
        }
    }

    private static func emnistFiles(_ split: String, _ train: Int, _ test: Int) -> [File] {
        let parts = ["train-images-idx3", "train-labels-idx1", "test-images-idx3", "test-labels-idx1"]
        return files(parts.map { "emnist-\(split)-\($0)-ubyte.gz" }, train: train, test: test)
    }
}
