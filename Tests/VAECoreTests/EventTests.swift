import Foundation
import Testing
import VAECore

/// TensorBoard's event files: read as PyTorch, Lightning and Keras write them, and written.
@Suite struct EventTests {
    private func events(_ path: String) throws -> [EventRecord] {
        var splitter = TFRecord.Splitter()
        var events: [EventRecord] = []
        try contents(path).withUnsafeBufferPointer { (block) throws(CoreError) in
            try splitter.take(block, of: path) { (data, _) in
                do { events.append(try EventRecord(data, at: path)) } catch { Issue.record("\(error)") }
            }
        }
        #expect(splitter.damaged == 0)
        return events
    }

    private func fixture(_ name: String) throws -> [EventRecord] { try events("\(fixtureFolder)/events/\(name)") }

    /// The values of a series: step and value.
    private func series(_ tag: String, _ events: [EventRecord]) -> [[Double]] {
        events.flatMap { event in event.numbers.filter { $0.tag == tag }.map { [Double(event.step), $0.value] } }
    }

    // MARK: Written by others

    // The values are those that script/make_event_fixtures.py gives the writers.

    @Test func pyTorch() throws {
        let events = try fixture("pytorch-train.events")
        #expect(series("loss/kl", events) == [100, 200, 300].map { [$0, $0 / 16] })
        #expect(series("loss/negative_elbo", events) == [100, 200, 300].map { [$0, 200 - $0 / 4] })
        #expect(series("loss/last", events) == [[-1, 0.5]])
        #expect(series("loss/as_tensor", events) == [[300, 0.25]])
        // Pictures and histograms are no curves.
        #expect(events.allSatisfy { $0.numbers.allSatisfy { $0.tag.hasPrefix("loss/") } })
        #expect(events.allSatisfy { $0.time > 1.6e9 })
    }

    @Test func pyTorchThatWasStartedAgain() throws {
        let events = try fixture("pytorch-purge.events")
        #expect(events.filter(\.isSessionStart).map(\.step) == [3])
        #expect(series("loss/elbo", events) == [[3, 7]])
    }

    @Test func lightning() throws {
        let events = try fixture("lightning.events")
        #expect(series("train/elbo_step", events) == (0..<8).map { [Double($0), 10 - Double($0)] })
        #expect(series("train/elbo_epoch", events) == [[3, 8.5], [7, 4.5]])
        #expect(series("val/elbo", events) == [[3, 20], [7, 20]])
    }

    /// Keras writes tensors.
    @Test func keras() throws {
        let own = try fixture("keras-own.events.v2")
        #expect(series("loss/elbo", own) == [[0, 100], [1, 99], [2, 98]])
        #expect(own.flatMap(\.numbers).allSatisfy { $0.tag == "loss/elbo" })
        let validation = try fixture("keras-validation.events.v2")
        #expect(series("epoch_loss", validation) == [[0, 4], [1, 4], [2, 4]])
        #expect(series("evaluation_loss_vs_iterations", validation) == [[1, 4], [2, 4], [3, 4]])
    }

    /// A number as a tensor, in each way in which one can be stored.
    @Test(arguments: [
        (1, 4, [0, 0, 0x20, 0x40], 2.5), (2, 4, [0, 0, 0, 0, 0, 0, 4, 0x40], 2.5), (19, 4, [0, 0x41], 2.5),
        (14, 4, [0x20, 0x40], 2.5), (3, 4, [0xfe, 0xff, 0xff, 0xff], -2), (9, 4, [0xfe] + [UInt8](repeating: 0xff, count: 7), -2),
        (1, 5, [0, 0, 0x20, 0x40], 2.5), (2, 6, [0, 0, 0, 0, 0, 0, 4, 0x40], 2.5), (19, 13, [0x80, 0x82, 1], 2.5),
        (9, 10, [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], -2), (3, 7, [3], 3),
        // Two numbers are no scalar.
        (1, 5, [0, 0, 0x20, 0x40, 0, 0, 0x20, 0x40], nil), (3, 7, [3, 3], nil), (7, 8, [0x61], nil),
    ] as [(Int64, Int, [UInt8], Double?)])
    func tensors(kind: Int64, field: Int, bytes: [UInt8], expected: Double?) throws {
        let message = ProtobufWriter {
            $0.integer(2, -1)
            $0.message(5) {
                $0.message(1) {
                    $0.text(1, "loss")
                    $0.message(8) {
                        $0.integer(1, kind)
                        $0.bytes(field, bytes)
                    }
                }
            }
        }
        let event = try EventRecord(message.bytes[...], at: "test")
        #expect(event.step == -1)
        #expect(event.numbers.map(\.value) == (expected.map { [$0] } ?? []))
    }

    // MARK: Written by us

    @Test func whatIsWrittenIsReadAgain() throws {
        let temporary = try TemporaryFolder()
        let log = EventLog(folder: temporary.file("train"), from: 11)
        try log.write([EventValue("loss", .number(1.5)), EventValue("h", .histogram([1, 2, 3]))], step: 12, time: 1_700_000_000.25)
        try log.write([EventValue("loss", .number(1.25))], step: 13, time: 1_700_000_001)
        let names = try FileManager.default.contentsOfDirectory(atPath: temporary.file("train"))
        #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents.1700000000."))
        let events = try events(temporary.file("train") + "/" + names[0])
        #expect(events.map(\.step) == [0, 11, 12, 13])
        #expect(events.map(\.isSessionStart) == [false, true, false, false])
        #expect(series("loss", events) == [[12, 1.5], [13, 1.25]])
        #expect(events[2].time == 1_700_000_000.25)
    }

    /// The buckets of a histogram hold every number; numbers that are all the same have one.
    @Test func histograms() throws {
        for numbers in [[0.0, 0.5, 1, 1, 3], [2, 2], [-1], []] {
            let value = EventMessage.values([EventValue("h", .histogram(numbers))], step: 1, time: 0)
            var record = ProtobufReader(value.record.dropFirst(12).dropLast(4), at: "test")
            var fields: [Int: ProtobufReader.Value] = [:]
            while let field = try record.next() {
                guard field.number == 5, var summary = try field.value.bytes.map({ try record.message($0) }) else { continue }
                var tagged = try summary.message(#require(summary.next()?.value.bytes))
                while let part = try tagged.next() {
                    guard part.number == 5, let bytes = part.value.bytes else { continue }
                    var histogram = try tagged.message(bytes)
                    while let part = try histogram.next() { fields[part.number] = part.value }
                }
            }
            #expect(fields[3]?.double == Double(numbers.count))
            #expect(fields[4]?.double == numbers.reduce(0, +))
            #expect(fields[1]?.double == numbers.min() ?? 0)
            let (limits, counts) = (doubles(fields[6]), doubles(fields[7]))
            #expect(limits.count == counts.count && limits == limits.sorted() && Set(limits).count == limits.count)
            #expect(counts.reduce(0, +) == Double(numbers.count))
            #expect(limits.last ?? 0 >= numbers.max() ?? 0)
        }
    }

    private func doubles(_ value: ProtobufReader.Value?) -> [Double] {
        let bytes = Array(value?.bytes ?? [])
        return stride(from: 0, to: bytes.count, by: 8).map { start in
            Double(bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    /// The figures of a run are the same in its event files as in its record; a run that is continued says from where.
    @Test func theEventsOfARun() throws {
        let shape = ImageShape(height: 4, width: 5)
        let dataset = Dataset.noise(images: 40, seed: 3, shape: shape)
        let training = TrainingConfiguration(epochs: 2, batchSize: 8, learningRate: 1e-2, seed: 2)
        let model = ModelConfiguration.perceptron(image: shape, hidden: [6], latent: 2)
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        var options = RunRecorder.Options()
        (options.seconds, options.writesEvents) = (0, true)
        let folder = try RunFolder(parent: "", name: "tiny", time: "now", exact: path)
        let recorder = try RunRecorder(
            folder: folder,
            configuration: RunConfiguration(preset: "tiny", dataset: "noise", model: model, training: training),
            plan: .init(
                stepsPerEpoch: 5, epochs: 2, parameters: try Network(model).parameterCount,
                samples: .init(dataset, training, count: 3)),
            options: options)
        let trainer = try Trainer(model: model, training: training, dataset: dataset, threads: 1, record: recorder)
        trainer.start()
        let limit = ContinuousClock.now + .seconds(60)
        while !trainer.mailbox.wait(seconds: 1).state.isOver, ContinuousClock.now < limit {}
        try recorder.finish()

        let history = RunHistory.read(folder: path)
        let train = try all(path + "/train"), test = try all(path + "/test")
        #expect(history.steps.count == 10)
        #expect(series("loss/kl", train) == history.steps.map { [Double($0.step), Double(Float($0.terms.kl))] })
        #expect(series("settings/learning_rate", train).count == 10)
        #expect(series("loss/reconstruction", test) == history.epochs.map { [Double($0.step), Double(Float($0.test.reconstruction))] })
        #expect(series("active_units", test) == history.epochs.map { [Double($0.step), Double($0.activeUnits ?? -1)] })

        // A new run in the same folder leaves no event of this one.
        folder.release()
        let again = try RunFolder(parent: "", name: "tiny", time: "now", exact: path, replacing: true)
        #expect(!FileManager.default.fileExists(atPath: path + "/train"))
        again.release()
    }

    private func all(_ folder: String) throws -> [EventRecord] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { try events(folder + "/" + $0) }
    }
}
