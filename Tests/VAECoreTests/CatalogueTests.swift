import Foundation
import Testing
import VAECore

@Suite struct CatalogueTests {
    private static let names = [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ]

    /// Writes a small data set of images with the value `mark`: 3 for training, 2 held out.
    private func make(_ folder: String, names: [String] = names, mark: UInt8 = 1) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, count) in zip(names, [3, 3, 2, 2]) {
            let file =
                name.lowercased().contains("image")
                ? IDX(dimensions: [count, 2, 2], values: [UInt8](repeating: mark, count: count * 4))
                : IDX(dimensions: [count], values: [UInt8](repeating: mark, count: count))
            try AtomicFile.write(file.encoded(gzip: name.hasSuffix(".gz")), to: "\(folder)/\(name)")
        }
    }

    @Test func theSampleHasEveryClassInTheRightNumbers() throws {
        let dataset = try Catalogue(projectRoot: projectRoot, dataRoots: []).load("mnist-5k")
        #expect(dataset.train.count == 4500 && dataset.test.count == 500)
        #expect(dataset.shape == .mnist && dataset.name == "mnist-5k" && dataset.notice == nil)
        for (set, count) in [(dataset.train, 450), (dataset.test, 50)] {
            let labels = try #require(set.labels)
            for digit in 0..<10 { #expect(labels.count { Int($0) == digit } == count) }
            #expect(labels.prefix(12) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
        }
        // A zero is dark in the middle and a one is not; every image has ink.
        func centre(_ digit: Int) -> Int {
            stride(from: digit, to: 4500, by: 10).reduce(0) { $0 + Int(Array(dataset.train[$1])[14 * 28 + 14]) }
        }
        #expect(centre(0) * 5 < centre(1))
        #expect((0..<4500).allSatisfy { dataset.train[$0].contains { $0 > 128 } })
    }

    @Test func defaultPrefersMNISTAndSaysWhenItIsNotThere() throws {
        let folder = try TemporaryFolder()
        let sample = try Catalogue(projectRoot: projectRoot, dataRoots: [folder.path]).loadDefault()
        #expect(sample.name == "mnist-5k")
        let notice = try #require(sample.notice)
        #expect(notice.contains("5,000 digits") && notice.contains("ossci-datasets.s3.amazonaws.com/mnist/"))
        try make(folder.file("mnist"))
        let full = try Catalogue(projectRoot: projectRoot, dataRoots: [folder.path]).loadDefault()
        #expect(full.name == "mnist" && full.notice == nil && full.train.count == 3)
        #expect(full.source == folder.file("mnist"))
        #expect(
            refusal { _ = try Catalogue(projectRoot: nil, dataRoots: []).loadDefault() }.contains(
                "mnist: data set not found"))
    }

    @Test func aDamagedMNISTFallsBackWithTheReason() throws {
        let folder = try TemporaryFolder()
        try make(folder.file("mnist"))
        try AtomicFile.write([0, 0, 8], to: folder.file("mnist/\(Self.names[0])"))
        let catalogue = Catalogue(projectRoot: projectRoot, dataRoots: [folder.path])
        #expect(try #require(try catalogue.loadDefault().notice).contains("truncated IDX file"))
        #expect(refusal { _ = try catalogue.load("mnist") }.contains("truncated IDX file"))
    }

    @Test(arguments: [
        "mnist/", "MNIST/raw/", "mnist/MNIST/raw/", "fashion-mnist/", "FashionMNIST/raw/",
    ])
    func namesAreFoundUnderARoot(place: String) throws {
        let folder = try TemporaryFolder()
        let name = place.lowercased().contains("fashion") ? "fashion-mnist" : "mnist"
        try make(folder.file(place), names: Self.names.map { $0 + ".gz" }, mark: 77)
        let dataset = try Catalogue(projectRoot: nil, dataRoots: [folder.file("nowhere"), "", folder.path]).load(name)
        #expect(dataset.name == name && dataset.train.pixels == [UInt8](repeating: 77, count: 12))
        #expect(dataset.train.labels == [77, 77, 77] && dataset.test.count == 2)
    }

    @Test func theFirstCompleteFolderWins() throws {
        let folder = try TemporaryFolder()
        try make(folder.file("a/mnist"), names: Array(Self.names.prefix(3)), mark: 1)
        try make(folder.file("b/mnist"), mark: 2)
        try make(folder.file("c/mnist"), mark: 3)
        let roots = ["a", "b", "c"].map { folder.file($0) }
        #expect(try Catalogue(projectRoot: nil, dataRoots: roots).load("mnist").train.pixels[0] == 2)
        // The root itself, if it has the name or is torchvision's.
        #expect(
            try Catalogue(projectRoot: nil, dataRoots: [folder.file("c/mnist/")]).load("mnist").train.pixels[0] == 3)
        try make(folder.file("MNIST/raw"), mark: 4)
        #expect(try Catalogue(projectRoot: nil, dataRoots: [folder.file("MNIST")]).load("mnist").train.pixels[0] == 4)
        // The project's own data folder comes last.
        try make(folder.file("data/mnist"), mark: 5)
        #expect(try Catalogue(projectRoot: folder.path, dataRoots: [roots[0]]).load("mnist").train.pixels[0] == 5)
        let text = refusal { _ = try Catalogue(projectRoot: nil, dataRoots: [roots[0]]).load("mnist") }
        #expect(
            text.contains("data set not found") && text.contains("an incomplete set in \(roots[0])/mnist"), "\(text)")
    }

    @Test(arguments: [
        ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz"],
        [
            "emnist-digits-train-images-idx3-ubyte.gz", "emnist-digits-train-labels-idx1-ubyte.gz",
            "emnist-digits-test-images-idx3-ubyte.gz", "emnist-digits-test-labels-idx1-ubyte.gz",
        ], ["Train_Images.idx", "Train_Labels.idx", "Test_Images.idx", "Test_Labels.idx"],
    ])
    func foldersWithOtherSpellings(names: [String]) throws {
        let folder = try TemporaryFolder()
        try make(folder.path, names: names)
        try AtomicFile.write([1], to: folder.file("README.md"))
        try AtomicFile.write([1], to: folder.file("train-images-idx3-ubyte.png"))
        let dataset = try Catalogue(projectRoot: nil, dataRoots: []).load(folder.path)
        #expect(dataset.train.count == 3 && dataset.test.labels == [1, 1] && dataset.name == folder.path)
    }

    @Test func labelsMayBeMissingFromAFolder() throws {
        let folder = try TemporaryFolder()
        try make(folder.path)
        try FileManager.default.removeItem(atPath: folder.file(Self.names[1]))
        #expect(try Catalogue(projectRoot: nil, dataRoots: []).load(folder.path).train.labels == nil)
    }

    @Test func torchvisionRootIsAFolder() throws {
        let folder = try TemporaryFolder()
        try make(folder.file("MNIST/raw"))
        let catalogue = Catalogue(projectRoot: nil, dataRoots: [])
        #expect(try catalogue.load(folder.path).source == folder.file("MNIST/raw"))
        #expect(try catalogue.load(folder.file("MNIST")).source == folder.file("MNIST/raw"))
        try make(folder.file("FashionMNIST/raw"))
        #expect(refusal { _ = try catalogue.load(folder.path) }.contains("several data sets in the folder"))
    }

    @Test func refusalsSayWhatToDo() throws {
        let folder = try TemporaryFolder()
        let catalogue = Catalogue(projectRoot: nil, dataRoots: [folder.path])
        func text(_ name: String) -> String { refusal { _ = try catalogue.load(name) } }
        #expect(text("mnits").contains("no such data set or folder (expected mnist, fashion-mnist, mnist-5k"))
        #expect(text(folder.file("none")).contains("no such data set or folder"))
        #expect(text(folder.path).contains("no IDX files in the folder"))
        let missing = text("mnist")
        #expect(missing.contains("train-images-idx3-ubyte.gz") && missing.contains("cvdf-datasets/mnist/"))
        #expect(missing.contains(folder.path), "\(missing)")
        try AtomicFile.write([1], to: folder.file("file"))
        #expect(text(folder.file("file")).contains("not a folder"))
        try make(folder.path, names: Array(Self.names.prefix(2)))
        #expect(
            text(folder.path).contains("incomplete data set") && text(folder.path).contains("no t10k-images-idx3-ubyte")
        )
        try make(folder.path)
        let small = IDX(dimensions: [2, 1, 1], values: [1, 2])
        try AtomicFile.write(small.encoded(gzip: false), to: folder.file(Self.names[2]))
        #expect(text(folder.path).contains("test images of another size"))
        let two = try folder.folder("two")
        try make(two, names: ["a-train-images-idx3-ubyte", "train-labels-idx1-ubyte", "b-train-images-idx3-ubyte"])
        #expect(text(two).contains("several data sets in the folder") && text(two).contains("--split"))
    }
}
