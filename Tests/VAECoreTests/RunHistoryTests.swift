import Foundation
import Testing
import VAECore

/// `metrics.jsonl` read again, whatever has become of it.
@Suite struct RunHistoryTests {
    private let epoch = #"{"epoch":1,"event":"epoch","step":5,"seconds":0.5,"time":100.5,"test":{"reconstruction":20,"kl":2},"train":{"reconstruction":21,"kl":3},"active_units":2}"#

    private func read(_ text: String) -> RunHistory { RunHistory(Array(text.utf8)) }

    @Test func everyKindOfLine() {
        let history = read("""
            {"event":"step","step":1,"train":{"kl":1.5,"negative_elbo":3,"reconstruction":1.5},"learning_rate":1e-3,"beta":2,"free_bits":0.25,"time":99}
            {"event":"change","step":1,"beta":4,"learning_rate_scale":0.5}
            {"event":"change","step":3,"rolled_back_to":2,"epochs":7}
            \(epoch)
            {"event":"pause","step":5}
            {"event":"failed","step":6,"message":"it \\"diverged\\"\\u001b[31m"}
            """)
        #expect(history.steps == [StepMetrics(step: 1, terms: LossTerms(reconstruction: 1.5, kl: 1.5), learningRate: 1e-3, beta: 2, freeBits: 0.25)])
        #expect(history.changes == [TrainingChange(step: 1, learningRateScale: 0.5, beta: 4), TrainingChange(step: 3, rolledBackTo: 2, epochs: 7)])
        #expect(history.epochs.count == 1 && history.epochs[0].test.negativeELBO == 22 && history.epochs[0].activeUnits == 2)
        #expect(history.seconds == 0.5 && history.began == 99 && history.ended == 100.5)
        #expect(history.failure?.contains("diverged") == true && history.failure?.contains("\u{1B}") == false)
        #expect(history.notices.isEmpty)
    }

    @Test(arguments: [
        ("{\"epoch\":2,\"ev", "the last line of metrics.jsonl is torn"),
        ("nonsense\n{\"event\":\"pause\",\"step\":1}", "1 of 3 lines of metrics.jsonl cannot be read"),
        ("{\"event\":\"epoch\",\"epoch\":2,\"step\":9,\"test\":{\"reconstruction\":NaN,\"kl\":Infinity}}", "1 of 2 lines of metrics.jsonl have a loss that is not finite"),
        ("{\"event\":\"pause\",\"step\":1,\"time\":50}", "the clock was set back during the run"),
        ("{\"event\":\"of another program\",\"x\":[1,{\"y\":null}]}", nil), ("", nil),
    ])
    func whatCannotBeReadIsLeftOut(line: String, notice: String?) {
        let history = read(epoch + "\n" + line)
        #expect(history.notices == (notice.map { [$0] } ?? []))
        #expect(history.epochs.map(\.epoch) == [1])
    }

    /// Longer than a block, with lines across the blocks' edges and one that is no line at all.
    @Test func aLongRecordIsReadInBlocks() throws {
        let temporary = try TemporaryFolder()
        let line = { (step: Int) in "{\"event\":\"step\",\"step\":\(step),\"train\":{\"kl\":1,\"reconstruction\":\(step)}}\n" }
        let text = (1...40_000).map(line).joined() + String(repeating: "x", count: 3 << 20) + "\n" + line(40_001)
        try text.write(toFile: temporary.file("metrics.jsonl"), atomically: false, encoding: .utf8)
        let history = RunHistory.read(folder: temporary.path)
        #expect(history.steps.map(\.step) == Array(1...40_001))
        #expect(history.steps.allSatisfy { $0.terms.reconstruction == Double($0.step) })
        #expect(history.notices == ["1 of 40002 lines of metrics.jsonl cannot be read"])
        #expect(RunHistory.read(folder: temporary.path, steps: .last).steps.map(\.step) == [40_001])
        // Evenly spread, and the last.
        let spread = RunHistory.read(folder: temporary.path, steps: .spread(1000)).steps.map(\.step)
        #expect(spread.count > 500 && spread.count <= 1001 && spread.first == 1 && spread.last == 40_001)
        #expect(Set(zip(spread, spread.dropFirst()).dropLast().map { $1 - $0 }).count == 1)
    }

    @Test func aFolderWithoutARecordHasNoHistory() throws {
        let temporary = try TemporaryFolder()
        #expect(RunHistory.read(folder: temporary.path) == RunHistory())
        _ = try temporary.folder("metrics.jsonl")
        #expect(RunHistory.read(folder: temporary.path).notices.count == 1)
    }

    /// What was written is read: numbers to the last bit.
    @Test func numbersAreExact() throws {
        var random = TestRandom(state: 9)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = String(decoding: try JSONEncoder().encode(["x": ["y": value]]), as: UTF8.self)
            var found: [Double] = []
            let bytes = Array(text.utf8)
            let isWhole = bytes.withUnsafeBufferPointer { line in
                JSONLineScanner.scan(line) { path, value in if path == "x.y", case .number(let number) = value { found.append(number) } }
            }
            #expect(isWhole && found == [value], "\(text)")
        }
    }

    @Test(arguments: ["{}", "{\"a\":1}", "{ \"a\" : [ ] , \"b\" : { } }", "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\"}", "{\"a\":-1e5,\"b\":true}"])
    func wholeLines(text: String) { #expect(scans(text)) }

    @Test(arguments: ["", "{", "[1]", "1", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}x", "{\"a\":\"\\q\"}", "{\"a\":\"x", "{\"a\":tru}", "{\"a\":--1}"])
    func brokenLines(text: String) { #expect(!scans(text)) }

    private func scans(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { JSONLineScanner.scan($0) { _, _ in } }
    }

    /// No bytes trap, and deep nesting is refused.
    @Test func mutatedLinesAreSafe() {
        var random = TestRandom(state: 4)
        let text = Array((epoch + "\n" + #"{"event":"change","message":"\u12ab\"x","a":[[{"b":NaN}]],"step":1e400}"#).utf8)
        for _ in 0..<fuzzRounds(3000) { _ = RunHistory(mutated(text, using: &random)) }
        #expect(!scans(String(repeating: "{\"a\":", count: 100_000)))
    }
}
