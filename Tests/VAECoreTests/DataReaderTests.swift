import Foundation
import Testing
import VAECore

private let fixtures = projectRoot + "/Tests/Fixtures"
private let data = fixtures + "/data"

/// The value of the fixtures' pixels: see script/make_data_fixtures.py.
private func value(_ image: Int, _ y: Int, _ x: Int) -> UInt8 { UInt8(truncatingIfNeeded: 7 * image + 3 * y + x) }

/// The pixels of images of 4×6.
private func images(_ indices: some Sequence<Int>) -> [UInt8] {
    indices.flatMap { image in (0..<24).map { value(image, $0 / 6, $0 % 6) } }
}

private func load(_ path: String, _ reading: Reading = Reading()) throws -> Dataset {
    try Catalogue(projectRoot: nil, dataRoots: []).load(path, reading)
}

/// Files of kinds that people bring, each with the bounds that it must keep.
@Suite struct DataCaseTests {
    private let cases = fixtures + "/cases"

    @Test func foldersCalledAsTheirFilesAndDottedNamesBeside() throws {
        let dataset = try load(cases + "/kaggle-layout/data")
        #expect(dataset.train.count == 60 && dataset.test.count == 20 && dataset.shape == .mnist)
        #expect(dataset.train.labels?.count == 60 && dataset.test.labels?.count == 20 && dataset.notice == nil)
        // The folders alone, the dotted files alone.
        let folder = try TemporaryFolder()
        for dotted in [false, true] {
            let copy = folder.file("\(dotted)")
            try FileManager.default.copyItem(atPath: cases + "/kaggle-layout/data", toPath: copy)
            for name in try FileManager.default.contentsOfDirectory(atPath: copy) where name.contains(".") != dotted {
                try FileManager.default.removeItem(atPath: "\(copy)/\(name)")
            }
            #expect(try load(copy).train.pixels == dataset.train.pixels)
            #expect(try load(copy).test.labels == dataset.test.labels)
        }
    }

    @Test func labelsInTheFirstOfEightColumns() throws {
        let dataset = try load(cases + "/qmnist-labels")
        let labels = try #require(dataset.train.labels)
        #expect(dataset.train.count == 60 && labels.count == 60 && Set(labels) == Set(0...9))
        #expect(Array(labels.prefix(3)) == [0, 1, 2] && dataset.test.labels?.count == 20 && dataset.notice == nil)
    }

    @Test func labelsFromOne() throws {
        let dataset = try load(cases + "/labels-from-one/letters")
        #expect(Set(dataset.train.labels ?? []) == Set(1...10) && dataset.notice == nil)
    }

    @Test func kerasArchive() throws {
        let dataset = try load(cases + "/keras-archive/mnist.npz")
        #expect(dataset.train.count == 60 && dataset.test.count == 20 && dataset.shape == .mnist)
        #expect(Set(dataset.train.labels ?? []) == Set(0...9) && dataset.test.labels?.count == 20)
        let twin = try load(cases + "/kaggle-layout/data")
        #expect(dataset.train.pixels.count == twin.train.pixels.count)
    }
}

@Suite struct IDXNameTests {
    private func idx(_ count: Int, start: Int = 0) -> [UInt8] {
        IDX(dimensions: [count, 4, 6], values: images(start..<start + count)).encoded(gzip: false)
    }

    @Test func gzippedUnderARawNameAndRawUnderAGzippedOne() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Gzip.deflate(idx(3)), to: folder.file("train-images.idx3-ubyte"))
        try AtomicFile.write(idx(2), to: folder.file("t10k.images.idx3.ubyte.gz"))
        let dataset = try load(folder.path)
        #expect(dataset.train.pixels == images(0..<3) && dataset.test.count == 2 && dataset.train.labels == nil)
    }

    @Test func namesThatDoNotSayIDX() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(idx(3), to: folder.file("train_images.bin"))
        try AtomicFile.write(Gzip.deflate(idx(2)), to: folder.file("test_images"))
        try AtomicFile.write([1, 2, 3], to: folder.file("train_image_notes.txt"))
        #expect(try load(folder.path).test.pixels == images(0..<2))
    }

    @Test func unreadableLabelsDoNotCostTheImages() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(idx(3), to: folder.file("train-images-idx3-ubyte"))
        try AtomicFile.write(idx(2), to: folder.file("t10k-images-idx3-ubyte"))
        // 32-bit labels, one out of range, then cut off.
        var labels: [UInt8] = [0, 0, 0x0c, 1, 0, 0, 0, 3] + [0, 0, 0, 7, 0, 0, 1, 0, 0, 0, 0, 9]
        try AtomicFile.write(labels, to: folder.file("train-labels-idx1-ubyte"))
        try AtomicFile.write([0, 0, 8, 1, 0, 0, 0, 2, 5], to: folder.file("t10k-labels-idx1-ubyte"))
        let dataset = try load(folder.path)
        #expect(dataset.train.labels == nil && dataset.test.labels == nil && dataset.train.count == 3)
        let notice = try #require(dataset.notice)
        #expect(notice.contains("label 2: a label out of range") && notice.contains("truncated IDX file"), "\(notice)")
        #expect(!notice.contains("\n"))
        labels[14] = 0
        labels[15] = 255
        try AtomicFile.write(labels, to: folder.file("train-labels-idx1-ubyte"))
        #expect(try load(folder.path).train.labels == [7, 255, 9])
    }

    @Test func severalSplitsInAFolder() throws {
        let text = refusal { _ = try load(data + "/emnist") }
        #expect(text.contains("emnist-digits, emnist-letters") && text.contains("--split"), "\(text)")
        let letters = try load(data + "/emnist", Reading(split: "letters", transpose: true))
        #expect(letters.train.pixels == images(0..<5) && letters.train.labels == [1, 2, 3, 1, 2])
        #expect(try load(data + "/emnist", Reading(split: "digits", transpose: true)).test.pixels == images(50..<52))
        #expect(try load(data + "/emnist", Reading(split: "emnist-digits")).shape == ImageShape(height: 6, width: 4))
        let unknown = refusal { _ = try load(data + "/emnist", Reading(split: "byclass")) }
        #expect(unknown.contains("no such split") && unknown.contains("emnist-letters"), "\(unknown)")
    }

    @Test func imagesAloneGiveATenthAway() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(idx(30), to: folder.file("images.idx3-ubyte"))
        let dataset = try load(folder.file("images.idx3-ubyte"))
        #expect(dataset.train.count == 27 && dataset.test.count == 3)
        #expect(dataset.notice?.contains("3 of its 30 images, drawn with seed 1, are held out") == true)
        // Every image is in one part, and each time in the same.
        let all = (0..<27).map { Array(dataset.train[$0]) } + (0..<3).map { Array(dataset.test[$0]) }
        #expect(Set(all) == Set((0..<30).map { images($0..<$0 + 1) }))
        #expect(try load(folder.path).test.pixels == dataset.test.pixels)
        try AtomicFile.write(idx(1), to: folder.file("images.idx3-ubyte"))
        #expect(refusal { _ = try load(folder.path) }.contains("too few images"))
    }
}

@Suite struct CSVTests {
    private func csv(_ count: Int, label: Bool = true, header: Bool = false, start: Int = 0) -> String {
        // 5×5 pixels.
        let names = (label ? ["label"] : []) + (0..<25).map { "pixel\($0)" }
        let rows = (start..<start + count).map { image in
            ((label ? [String(image % 3)] : []) + (0..<25).map { String(value(image, $0 / 5, $0 % 5)) }).joined(separator: ",")
        }
        return ((header ? [names.joined(separator: ",")] : []) + rows).joined(separator: "\n") + "\n"
    }

    private func pixels(_ range: Range<Int>) -> [UInt8] {
        range.flatMap { image in (0..<25).map { value(image, $0 / 5, $0 % 5) } }
    }

    @Test(arguments: [false, true], [false, true])
    func labelAndPixels(header: Bool, gzip: Bool) throws {
        let folder = try TemporaryFolder()
        let ending = gzip ? ".csv.gz" : ".csv"
        func write(_ text: String, _ name: String) throws {
            let bytes = Array(text.utf8)
            try AtomicFile.write(gzip ? Gzip.deflate(bytes) : bytes, to: folder.file(name + ending))
        }
        try write(csv(4, header: header), "fashion-mnist_train")
        try write(csv(2, header: header, start: 9).replacing("\n", with: "\r\n"), "fashion-mnist_test")
        let dataset = try load(folder.path)
        #expect(dataset.train.pixels == pixels(0..<4) && dataset.train.labels == [0, 1, 2, 0])
        #expect(dataset.test.pixels == pixels(9..<11) && dataset.test.labels == [0, 1] && dataset.notice == nil)
    }

    @Test func aTestWithoutLabels() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Array(csv(4, header: true).utf8), to: folder.file("train.csv"))
        try AtomicFile.write(Array(csv(3, label: false, header: true).utf8), to: folder.file("test.csv"))
        try AtomicFile.write(Array("ImageId,Label\n1,0\n".utf8), to: folder.file("sample_submission.csv"))
        let dataset = try load(folder.path)
        #expect(dataset.train.labels == [0, 1, 2, 0] && dataset.test.labels == nil && dataset.test.count == 3)
        #expect(dataset.notice?.contains("test.csv, have no labels") == true)
        let alone = try load(folder.file("train.csv"))
        #expect(alone.train.count == 3 && alone.test.count == 1 && alone.test.labels?.count == 1)
    }

    @Test func namesForLabelsLastAndFractions() throws {
        let folder = try TemporaryFolder()
        let rows = [("frog", 0.0), ("ant", 1.0), ("frog", 0.5), ("bee", 0.25)].map { name, value in
            "0,1,1,\(value),0,0,0,0,1,\"\(name)\""
        }
        let header = (0..<9).map { "p\($0)" }.joined(separator: ",") + ",class\n"
        try AtomicFile.write(Array((header + rows.joined(separator: "\n")).utf8), to: folder.file("a.csv"))
        let dataset = try load(folder.file("a.csv"))
        #expect(dataset.classNames == ["ant", "bee", "frog"] && dataset.shape == ImageShape(height: 3, width: 3))
        var seen = Set<[UInt8]>()
        for set in [dataset.train, dataset.test] {
            let labels = try #require(set.labels)
            for image in 0..<set.count { seen.insert([labels[image], Array(set[image])[3]]) }
        }
        #expect(seen == [[2, 0], [0, 255], [2, 128], [1, 64]])
        #expect(dataset.notice?.contains("times 255") == true)
    }

    @Test func refusalsNameTheLineAndTheColumn() throws {
        let folder = try TemporaryFolder()
        let good = csv(3)
        func text(_ csv: String, _ reading: Reading = Reading()) throws -> String {
            try AtomicFile.write(Array(csv.utf8), to: folder.file("a.csv"))
            return refusal { _ = try load(folder.file("a.csv"), reading) }
        }
        #expect(try text(good + "1,2,3\n").contains("line 4, column 3: a line of another length (expected 26 columns, found 3)"))
        #expect(try text(good.replacing("\n", with: ",9\n", maxReplacements: 1)).contains("line 2"))
        #expect(try text(good + good.split(separator: "\n")[0] + ",5\n").contains("line 4, column 27: a line too long"))
        #expect(try text(good + "1," + (0..<24).map { _ in "0," }.joined() + "256\n").contains("line 4, column 26: no pixel"))
        #expect(try text(good + "1,x," + (0..<23).map { _ in "0," }.joined() + "0\n").contains("line 4, column 2: no pixel"))
        #expect(try text("").contains("no pictures in the file"))
        #expect(try text("1,2,3,4,5,6\n1,2,3,4,5,6\n").contains("give --size"))
        #expect(try text(String(repeating: "7", count: 1000)).contains("line 1, column 1: a field too long"))
        #expect(try text(String(repeating: "7,", count: 1 << 21)).contains("too many columns"))
        try AtomicFile.write(Array("1,2,3,4,5,6\n6,5,4,3,2,1\n".utf8), to: folder.file("a.csv"))
        let sized = try load(folder.file("a.csv"), Reading(size: PictureSize("2x3")))
        #expect(sized.shape == ImageShape(height: 2, width: 3) && sized.train.labels == nil)
    }

    /// A small gzip file of 25 MB of zeros as text.
    @Test func aBombIsRefused() throws {
        let folder = try TemporaryFolder()
        let line = Array((String(repeating: "0,", count: 784) + "0\n").utf8)
        let block = Array(repeating: line, count: 8000).flatMap { $0 }
        try AtomicFile.write(Gzip.deflate(block + block, level: 9), to: folder.file("a.csv.gz"))
        let text = refusal { _ = try load(folder.file("a.csv.gz")) }
        #expect(text.contains("holds far more than its length suggests"), "\(text)")
    }

    @Test func mutatedTablesNeverTrap() throws {
        let folder = try TemporaryFolder()
        var random = TestRandom(state: 5)
        let seeds = [csv(3, header: true), csv(3, label: false), "0.5,0,0,1\n0,0,0,0\n"].map { Array($0.utf8) }
        for round in 0..<fuzzRounds(600) {
            try Data(mutated(seeds[round % 3], using: &random)).write(to: URL(fileURLWithPath: folder.file("a.csv")))
            if let dataset = try? load(folder.file("a.csv")) { #expect(dataset.train.count > 0) }
        }
    }
}

@Suite struct ArrayTests {
    @Test func anArchiveOfArrays() throws {
        let dataset = try load(data + "/keras.npz")
        #expect(dataset.train.pixels == images(0..<6) && dataset.test.pixels == images(6..<9))
        #expect(dataset.train.labels == [0, 1, 2, 0, 1, 2] && dataset.test.labels == [0, 1, 2])
    }

    @Test(arguments: ["unit.npy", "big-endian.npy"])
    func anArrayAlone(name: String) throws {
        let dataset = try load("\(data)/\(name)")
        let (train, test) = (dataset.train, dataset.test)
        #expect(train.count == 9 - test.count && test.count == 1 && train.labels == nil)
        #expect(Set((0..<8).map { Array(train[$0]) } + [Array(test[0])]) == Set((0..<9).map { images($0..<$0 + 1) }))
        let notice = try #require(dataset.notice)
        #expect(notice.contains("from 0 to 1 are taken times 255") == name.hasPrefix("unit"), "\(notice)")
    }

    @Test func channelsBeforeRows() throws {
        let dataset = try load(data + "/channels-first.npy")
        #expect(dataset.shape == ImageShape(height: 4, width: 6, channels: 3))
        #expect(dataset.notice?.contains("3 channels stand before") == true)
        let first = Array(dataset.train[0])
        #expect(first[1] == 255 - first[0] && first[2] == first[0] / 2 && first[3] == first[0] + 1)
    }

    @Test func safetensors() throws {
        let folder = try TemporaryFolder()
        var header = Array(#"{"images":{"dtype":"U8","shape":[4,4,6],"data_offsets":[0,96]},"labels":{"dtype":"U8","shape":[4],"data_offsets":[96,100]}}"#.utf8)
        while header.count % 8 != 0 { header.append(32) }
        let size = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        try AtomicFile.write(size + header + images(0..<4) + [1, 2, 1, 2], to: folder.file("a.safetensors"))
        let dataset = try load(folder.file("a.safetensors"))
        #expect(dataset.train.count == 3 && dataset.test.count == 1 && dataset.train.labels?.count == 3)
        #expect(refusal { _ = try load(projectRoot + "/models/manifold/model.safetensors") }.contains("no array of pictures"))
    }

    @Test func hostileArraysAreRefused() throws {
        let text = refusal { _ = try load(data + "/hostile/terabytes.npy") }
        #expect(text.contains("terabytes.npy: the array has another size than its header says"), "\(text)")
        #expect(text.contains("2000000×400000×6"), "\(text)")
        let bomb = refusal { _ = try load(data + "/hostile/bomb.npz") }
        #expect(bomb.contains("far more than it holds"), "\(bomb)")
        let folder = try TemporaryFolder()
        func npy(_ header: String, _ bytes: [UInt8]) throws -> String {
            let text = Array((header + "\n").utf8)
            try AtomicFile.write(
                [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text + bytes,
                to: folder.file("a.npy"))
            return refusal { _ = try load(folder.file("a.npy")) }
        }
        #expect(try npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2, 2), }", []).contains("another type than numbers"))
        #expect(try npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2), }", [1, 2, 3, 4, 5, 6, 7, 8]).contains("column by column"))
        #expect(try npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2), }", [1, 2, 3]).contains("another size"))
        #expect(try npy("{'descr': '|u1', 'shape': (2, 2, 2), }", []).contains("cannot be read"))
        #expect(try npy("{'descr': '<u8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807, 2), }", [])
            .contains("a shape that fits into memory"))
        let nan: [UInt8] = [0, 0, 0, 0, 0, 0, 0xc0, 0x7f] + [UInt8](repeating: 0, count: 24)
        #expect(try npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2), }", nan).contains("a.npy[0, 0, 1]: a number that is no pixel"))
    }

    @Test func mutatedArraysNeverTrap() throws {
        let folder = try TemporaryFolder()
        var random = TestRandom(state: 6)
        for name in ["unit.npy", "channels-first.npy", "keras.npz"] {
            let seed = try contents("\(data)/\(name)")
            for _ in 0..<fuzzRounds(600) / 3 {
                try Data(mutated(seed, using: &random)).write(to: URL(fileURLWithPath: folder.file(name)))
                if let dataset = try? load(folder.file(name)) { #expect(dataset.train.count > 0) }
            }
        }
    }
}

@Suite struct PictureFolderTests {
    @Test func aFolderForEachClass() throws {
        let dataset = try load(data + "/folders/grey")
        // Colour pictures of grey pixels are grey.
        #expect(dataset.shape == ImageShape(height: 4, width: 6) && dataset.classNames == ["cat", "dog"])
        #expect(dataset.train.count == 5 && dataset.test.count == 1)
        #expect(dataset.notice?.contains("drawn with seed 1") == true)
        let labels = (dataset.train.labels ?? []) + (dataset.test.labels ?? [])
        #expect(labels.count { $0 == 1 } == 3)
        #expect((0..<3).contains { Array(dataset.train[0]) == images($0..<$0 + 1) })
    }

    @Test func partsColoursAndSizes() throws {
        let path = data + "/folders/colour"
        let text = refusal { _ = try load(path) }
        #expect(text.contains("pictures of several sizes") && text.contains("--size") && text.contains("12×8"), "\(text)")
        let dataset = try load(path, Reading(size: PictureSize("8x8")))
        #expect(dataset.shape == ImageShape(height: 8, width: 8, channels: 3))
        #expect(dataset.train.count == 4 && dataset.test.count == 1 && dataset.test.labels == [1])
        #expect(dataset.classNames == ["red", "sea"] && dataset.train.labels == [0, 0, 1, 1])
        // JPEG keeps a colour but for rounding; a plain picture keeps it when resized.
        for (image, colour) in [(0, [200, 30, 40]), (2, [20, 60, 220])] {
            for (value, expected) in zip(Array(dataset.train[image]).prefix(3), colour) {
                #expect(abs(Int(value) - expected) <= 4, "\(image): \(value), \(expected)")
            }
        }
        let grey = try load(path, Reading(size: PictureSize("4x4"), grey: true))
        #expect(grey.shape == ImageShape(height: 4, width: 4))
        #expect(abs(Int(grey.train.pixels[0]) - 82) <= 3 && grey.train.pixels.suffix(16).allSatisfy { $0 == grey.train.pixels.last })
    }

    @Test func theModelSaysTheSize() throws {
        var reading = Reading()
        reading.fit = ImageShape(height: 6, width: 6)
        #expect(try load(data + "/folders/colour", reading).shape == ImageShape(height: 6, width: 6))
        reading.fit = ImageShape(height: 4, width: 6, channels: 3)
        let colour = try load(data + "/folders/grey", reading)
        #expect(colour.shape.channels == 3 && colour.train.pixels[0] == colour.train.pixels[2])
    }

    @Test func resizingTakesMeans() throws {
        let folder = try TemporaryFolder()
        let shape = ImageShape(height: 2, width: 4)
        for name in ["1", "7"] {
            try PNG.write([0, 100, 200, 40, 20, 80, 100, 60], shape: shape, to: try folder.folder(name) + "/a.png")
        }
        let dataset = try load(folder.path, Reading(size: PictureSize("1x2")))
        #expect(dataset.train.pixels == [50, 100] && dataset.test.pixels == [50, 100])
        // Folders called by numbers keep them.
        #expect(Set((dataset.train.labels ?? []) + (dataset.test.labels ?? [])) == [1, 7] && dataset.classNames == nil)
        #expect(try load(folder.path, Reading(size: PictureSize("4x8"))).train.pixels.prefix(4) == [0, 0, 100, 100])
    }

    @Test func hostilePicturesAreRefused() throws {
        let huge = refusal { _ = try load(data + "/hostile/huge") }
        #expect(huge.contains("0.png: picture too large") && huge.contains("60000×60000"), "\(huge)")
        let folder = try TemporaryFolder()
        let place = try folder.folder("a")
        try FileManager.default.copyItem(atPath: data + "/hostile/short.jpg", toPath: place + "/0.jpg")
        let short = refusal { _ = try load(folder.path) }
        #expect(short.contains("0.jpg: damaged JPEG file") && short.contains("remove it"), "\(short)")
        let seed = try contents(data + "/folders/colour/train/red/0.jpg")
        var random = TestRandom(state: 7)
        for _ in 0..<fuzzRounds(400) {
            try Data(mutated(seed, using: &random)).write(to: URL(fileURLWithPath: place + "/0.jpg"))
            _ = try? load(folder.path)
        }
    }
}
