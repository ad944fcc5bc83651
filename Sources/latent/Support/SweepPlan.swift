import ArgumentParser
import Foundation
import VAECore

/// The runs of a sweep: every combination of the values that its options list.
struct SweepPlan {
    /// An option that is given more than one value: `--beta` with `0.5`, `1`, `2`.
    struct Axis {
        /// The option without its dashes.
        var name: String
        var values: [String]
    }

    /// One of the runs.
    struct Combination {
        /// The value of each axis, in their order.
        var values: [String]
        /// The name of its folder: `beta-0.5_seed-1`.
        var name: String
        /// What `latent train` makes of its options.
        var train: Train
    }

    private(set) var axes: [Axis] = []
    private(set) var combinations: [Combination] = []
    /// The options as given, by which the same sweep is found again.
    private let arguments: [String]
    private static let limit = 10_000

    /// - Parameter arguments: options of `latent train`, each value a list.
    /// - Throws: `CoreError(.configuration)` when nothing varies or too much does; what the parser of `latent train` throws.
    init(_ arguments: [String]) throws {
        self.arguments = arguments
        var fixed: [String] = []
        var rest = arguments[...]
        while let option = rest.popFirst() {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count == 2 ? parts[1] : rest.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
            if parts.count == 1, value != nil { rest.removeFirst() }
            guard let value else {
                fixed.append(option)
                continue
            }
            // The widths of one network are a list themselves.
            let separator: Character = parts[0] == "--hidden" ? "/" : ","
            let values = value.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
            if values.count == 1 {
                fixed += [parts[0], value]
            } else {
                axes.append(Axis(name: String(parts[0].drop { $0 == "-" }), values: values))
            }
        }
        // What is wrong with a value says more than that nothing varies.
        if axes.isEmpty { _ = try Self.combination([], [], fixed) }
        try check()
        combinations = try Self.product(axes.map(\.values)).map { try Self.combination(axes, $0, fixed) }
    }

    private func check() throws(CoreError) {
        guard !axes.isEmpty else {
            throw CoreError(
                .configuration, "nothing varies", at: "sweep", expected: "an option with several values, such as --beta 0.5,1,2")
        }
        for axis in axes where Set(axis.values).count < axis.values.count || axis.values.contains("") {
            throw CoreError(
                .configuration, "a value is missing or there twice", at: "--" + axis.name, expected: "different values",
                found: axis.values.joined(separator: ","))
        }
        let count = axes.reduce(1) { min(Self.limit + 1, $0 * $1.values.count) }
        guard count <= Self.limit else {
            throw CoreError(.configuration, "too many combinations", at: "sweep", expected: "at most \(Self.limit)")
        }
    }

    private static func combination(_ axes: [Axis], _ values: [String], _ fixed: [String]) throws -> Combination {
        let varied = zip(axes, values).flatMap { ["--" + $0.name, $1] }
        // Looking back at every run of a sweep would take more room than it is worth, unless asked for.
        guard let train = try Latent.parseAsRoot(["train", "--headless", "--snapshots", "0"] + fixed + varied) as? Train else {
            throw CoreError(.configuration, "not options of 'latent train'", at: "sweep")
        }
        for (option, isGiven) in [("--resume", train.resume != nil), ("--out", train.out != nil)] where isGiven {
            throw CoreError(.configuration, "belongs to a single run", at: option, expected: "options of the training")
        }
        try train.training.check()
        let name = zip(axes, values).map { "\($0.name)-\($1)" }.joined(separator: "_")
        return Combination(values: values, name: plain(name), train: train)
    }

    /// A name with nothing in it that a file name should not have.
    private static func plain(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "+" })
    }

    /// Every way to take one of each list; the last list changes fastest.
    private static func product(_ lists: [[String]]) -> [[String]] {
        lists.reduce([[]]) { partial, list in partial.flatMap { start in list.map { start + [$0] } } }
    }

    /// The folder of this sweep when none is given: the same for the same options.
    var folder: String {
        let sum = arguments.joined(separator: "\n").utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return "sweeps/" + axes.map(\.name).joined(separator: "-") + "-" + String(sum, radix: 16).suffix(8)
    }
}
