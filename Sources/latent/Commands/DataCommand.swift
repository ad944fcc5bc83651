import ArgumentParser
import Foundation
import PlainText
import VAECore

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List the known data sets, show what is in one, or fetch one.",
        subcommands: [List.self, Info.self, FetchSet.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the known data sets.", discussion: "Example:\n  latent data list")

        mutating func run() throws {
            for entry in Catalogue.entries {
                let place = Surroundings.catalogue.find(entry) ?? "not here: \(entry.remedy)"
                Console.print("\(entry.name.padding(toLength: 16, withPad: " ", startingAt: 0)) \(entry.description)")
                Console.print("                 \(sanitize(place))")
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is in a data set.",
            discussion: """
                Examples:
                  latent data info mnist-5k
                  latent data info photos --size 32x32 --grey
                """)

        @Argument(help: "The name of a data set, or a file or folder of pictures.", completion: .dataSets) var name: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var pictures: PictureSizeOptions
        @OptionGroup var drawing: DrawingOptions

        mutating func run() throws {
            var choice = data.choice.sized(pictures)
            choice.name = name ?? choice.name
            let dataset = try Surroundings.loadData(choice)
            Console.print("\(sanitize(dataset.name)) in \(sanitize(dataset.source))")
            for (part, set) in [("train", dataset.train), ("held out", dataset.test)] {
                Console.print("\(part): \(set.count) images of \(set.shape); values \(range(set))\(classes(of: set))")
            }
            if let names = dataset.classNames {
                let named = names.indices.filter { !names[$0].isEmpty }.map { dataset.className($0) }
                Console.print("classes: \(named.joined(separator: ", "))")
            }
            Console.print("the mean of the training images, and the first of them:")
            let shown = min(7, dataset.train.count)
            try PictureOutput(drawing: drawing).show(
                mean(dataset.train) + (0..<shown).flatMap { dataset.train[$0].map { Float($0) / 255 } }, of: dataset.shape,
                columns: shown + 1)
        }

        private func range(_ set: ImageSet) -> String {
            let ends = set.pixels.reduce(into: (UInt8.max, UInt8.min)) { $0 = (min($0.0, $1), max($0.1, $1)) }
            return "\(ends.0) to \(ends.1)"
        }

        private func classes(of set: ImageSet) -> String {
            guard let labels = set.labels else { return "; no labels" }
            var counts = [Int](repeating: 0, count: 256)
            for label in labels { counts[Int(label)] += 1 }
            return "; classes " + counts.indices.filter { counts[$0] > 0 }.map { "\($0):\(counts[$0])" }.joined(separator: " ")
        }

        /// The mean of all images (height, width, channel), each value in [0, 1].
        private func mean(_ set: ImageSet) -> [Float] {
            var sums = [Int](repeating: 0, count: set.shape.count)
            set.pixels.withUnsafeBufferPointer { pixels in
                for image in 0..<set.count {
                    for place in sums.indices { sums[place] += Int(pixels[image * sums.count + place]) }
                }
            }
            return sums.map { Float(Double($0) / Double(255 * set.count)) }
        }
    }

    struct FetchSet: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fetch", abstract: "Fetch a data set from where it is published.",
            discussion: """
                Examples:
                  latent data fetch mnist
                  latent data fetch kmnist --mirror http://localhost:8000/kmnist/

                It goes to $LATENT_DATA or ~/.local/share/latent. Each file is checked, and takes its place whole. A fetch
                that was ended goes on where it was.
                """)

        @Argument(help: "\(Self.names.joined(separator: ", ")).", completion: .dataSets) var name: String
        @Option(help: "Fetch from this folder instead. Given more than once, they are tried in order.") var mirror: [String] = []
        @Option(help: "Seconds that a server may send nothing before the next is tried.") var patience = 20

        private static var names: [String] { Catalogue.entries.filter { $0.download != nil }.map(\.name) }

        mutating func run() throws {
            guard let entry = Catalogue.entry(named: name) else {
                throw CoreError(
                    .data, "no such data set", at: name, expected: Self.names.joined(separator: ", "))
            }
            guard let download = entry.download else {
                throw CoreError(
                    .data, "this set cannot be fetched", at: name, expected: Self.names.joined(separator: ", "),
                    remedy: entry.remedy)
            }
            guard let root = Surroundings.dataFolder else {
                throw CoreError(.data, "no folder for data sets", at: name, remedy: "set LATENT_DATA to a folder")
            }
            try requireCount(patience, "--patience", 1...3600)
            let folder = root + "/" + entry.folders[0]
            let mirrors = mirror.isEmpty ? download.mirrors : mirror
            try Fetch(download: download, mirrors: mirrors, folder: folder, curl: Curl(patience: patience)).run()
            Console.print("\(name) is in \(sanitize(folder))")
        }
    }
}
