import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Live training, and quitting while it runs.
    @Suite struct LiveTrainingTests {
        /// A run longer than any test. ReLU, since a step of SiLU takes a second in a debug build.
        private func training(_ environment: [String: String?] = [:]) throws -> Terminal {
            try Terminal(["train", "--data", "mnist-5k", "--epochs", "5000", "--activation", "relu"], environment: environment)
        }

        @Test func trainsThroughTheKeyboard() throws {
            let terminal = try Terminal()
            try terminal.wait(for: "across")
            try terminal.send("t")
            let begun = try terminal.wait(for: "a first curve") { $0.step ?? 0 > 0 && $0.text.contains("● test") }
            #expect(begun.header.contains(/epoch|images\/s|\/s/))
            try terminal.wait(for: "more steps, another curve") {
                $0.step ?? 0 > begun.step! && $0.chart != begun.chart
            }
            let tested = try terminal.wait(for: "figures on the held-out images") {
                $0.text.contains(/test +-ELBO +[0-9]+\.[0-9]+ = reconstruction/)
            }
            #expect(tested.text.contains("output"))
            #expect(tested.text.contains(/step [0-9]+ of 1080/))
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            try terminal.wait(for: "latent: discarded")
            #expect(terminal.folder.names().isEmpty)
        }

        @Test func explorerMorphsWhileTraining() throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            try terminal.send("2")
            let first = try terminal.wait(for: "the plane, which changes as it trains") {
                $0.coordinates == [0, 0] && $0.decodedStep >= 0 && $0.text.contains(", live")
            }
            let later = try terminal.wait(for: "another plane, no key pressed") {
                $0.plane != first.plane && $0.picture != first.picture && $0.decodedStep > first.decodedStep
            }
            #expect(later.coordinates == [0, 0])
            try terminal.send("Right")
            try terminal.wait(for: "a step to the right") { $0.coordinates.first ?? 0 > 0 }
            try terminal.send("3")
            try terminal.wait(for: "the comparison while training") { $0.text.contains("input 1") && $0.listed.count >= 20 }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func pausesAndSteps() throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 2 }
            try terminal.send("Space")
            let paused = try terminal.wait(for: "the pause") { $0.header.contains("paused") && $0.step == $0.gaugeStep }
            // Three times, so that an extra step in between would show.
            for step in 1...3 {
                try terminal.send("s")
                let stepped = try terminal.wait(for: "step \(paused.step! + step)") { $0.step ?? 0 > paused.step! + step - 1 }
                #expect(stepped.step == paused.step! + step)
            }
            #expect(try terminal.screen.header.contains("paused"))
            try terminal.send("Space")
            try terminal.wait(for: "more than ten steps on") { $0.step ?? 0 > paused.step! + 10 }

            try terminal.send("]")
            try terminal.wait(for: "learning rate × 2")
            try terminal.send(">")
            try terminal.wait(for: "beta 2")
            try terminal.wait(for: "a step under them") { $0.text.contains("beta 2 ") || $0.text.contains(/rate .* beta 2/) }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("Escape")
            try terminal.wait(for: "no question") { !$0.text.contains("discard and quit") }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
        }

        @Test func readsAndZoomsTheCurves() throws {
            let terminal = try training()
            // Once the code is used there are bars to see.
            try terminal.wait(for: "training") { $0.step ?? 0 > 60 && $0.text.contains(/batch .* KL [1-9][0-9]*\.[0-9]/) }
            try terminal.send("Space")
            let paused = try terminal.wait(for: "the pause") { $0.header.contains("paused") && $0.step == $0.gaugeStep }
            try terminal.send("Home")
            // The first step's loss is that of an untrained model.
            try terminal.wait(for: "the legend at the first step") { $0.text.contains(/━ -ELBO 5[0-9][0-9]/) }
            try terminal.send("Escape")
            try terminal.wait(for: "the legend at the last step") {
                $0.text.contains("● test") && !$0.text.contains(/━ -ELBO 5[0-9][0-9]/) && $0.chart == paused.chart
            }
            try terminal.send("+")
            try terminal.wait(for: "half the steps") { $0.chart != paused.chart }
            try terminal.send("0")
            try terminal.wait(for: "all steps") { $0.chart == paused.chart }
            try terminal.send("d")
            try terminal.wait(for: "a bar for each dimension") { $0.text.contains(/z1 █/) && $0.text.contains(/z2 █/) }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
        }

        @Test func stopsKeepsLookingAndRestarts() throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            try terminal.send("f")
            try terminal.wait(for: "free bits: 0.01 nats")
            try terminal.wait(for: "a step with them") { $0.text.contains("free bits 0.01") }
            try terminal.send("r")
            try terminal.wait(for: "discard this run?")
            try terminal.send("Escape")
            try terminal.wait(for: "no question") { !$0.text.contains("discard this run") }
            try terminal.send("x")
            try terminal.wait(for: "the end, the curves still there") {
                $0.header.contains("stopped") && $0.text.contains("● test")
            }
            try terminal.send("Home")
            let ended = try terminal.wait(for: "t train again")
            try terminal.send("w")
            try terminal.wait(for: "saved runs/")
            try expectSaved(terminal)
            try terminal.send("2")
            try terminal.wait(for: "across")
            try terminal.send("1")
            try terminal.wait(for: "the curves again") { $0.header.contains("stopped") && $0.step == ended.step }
            try terminal.send("r")
            try terminal.wait(for: "a new run") { $0.text.contains(/(training|evaluating)  step/) && $0.text.contains("free bits 0 ") }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
        }

        @Test func aLossThatIsNoNumberHaltsAndGoesOn() throws {
            let terminal = try Terminal(["train", "--data", "mnist-5k", "--learning-rate", "1e20"])
            try terminal.wait(for: "the halt") {
                $0.text.contains("is no longer a finite number, step") && $0.text.contains("halted  step")
            }
            #expect(try terminal.screen.footer.contains("space continue at half rate"))
            try terminal.send("Space")
            // Half of that rate is still too high.
            try terminal.wait(for: "the next halt") { $0.text.contains("halted  step") && $0.text.contains("(× 0.25)") }
            try terminal.send("r")
            let answer = try terminal.wait(for: "the question, or, where nothing was learnt, a new run") {
                $0.text.contains("discard this") || $0.text.contains("(× 0.125)")
            }
            if answer.text.contains("discard this") { try terminal.send("r") }
            try terminal.wait(for: "a new run at half the rate, halted too") {
                $0.text.contains("halted  step") && $0.text.contains("(× 0.125)")
            }
            try terminal.send("w")
            try terminal.wait(for: "saved runs/")
            try terminal.send("x")
            try terminal.wait(for: "the end") { $0.header.contains("stopped") }
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            let run = try #require(terminal.folder.runs.first)
            #expect(try ModelFile.load(terminal.folder(run)).snapshot.values.allSatisfy { $0.isFinite })
        }

        @Test func quittingSavesTheModel() throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            try terminal.send("q")
            try terminal.wait(for: "stop, save and quit")
            try terminal.send("s")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            try expectSaved(terminal)
            // `latest` points to it.
            #expect(try latent(["model", "info", "runs/latest"], in: terminal.folder).status == 0)
        }

        @Test func savesWithoutLeaving() throws {
            let terminal = try training()
            try terminal.wait(for: "an epoch") { $0.text.contains(/test +-ELBO +[0-9]+\.[0-9]+ =/) }
            try terminal.send("Space")
            try terminal.wait(for: "paused")
            try terminal.send("w")
            try terminal.wait(for: "saved runs/")
            try expectSaved(terminal)
            // With its epochs, which the card shows as a curve.
            try terminal.send("5")
            try terminal.wait(for: "test loss by epoch")
            try terminal.signal(SIGTERM)
            #expect(try terminal.status() == 143)
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
        func signalsSaveAndRestore(_ number: Int32) throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            if number == SIGINT { try terminal.send("C-c") } else { try terminal.signal(number) }
            #expect(try terminal.status() == 128 + number)
            try terminal.expectRestored()
            try expectSaved(terminal)
            try terminal.wait(for: "latent: saved runs/")
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
        func signalsEndTheExplorer(_ number: Int32) throws {
            let terminal = try Terminal()
            try terminal.wait(for: "across")
            if number == SIGINT { try terminal.send("C-c") } else { try terminal.signal(number) }
            #expect(try terminal.status() == 128 + number)
            try terminal.expectRestored()
            #expect(terminal.folder.names().isEmpty)
        }

        @Test func aLostTerminalSavesAndEnds() throws {
            let terminal = try training()
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            let process = try terminal.pid
            try terminal.hangUp()
            #expect(poll(seconds: 60) { hasEnded(process) ? true : nil } == true)
            try expectSaved(terminal)
        }

        @Test func stopsAndContinues() throws {
            let terminal = try Terminal(shell: true)
            try terminal.wait(for: "ready>")
            try terminal.send("\"$LATENT\" train --data mnist-5k --epochs 5000", "Enter")
            try terminal.wait(for: "training") { $0.step ?? 0 > 0 }
            for _ in 0..<2 {
                try terminal.send("C-z")
                try terminal.wait(for: "the shell") { $0.text.contains("Stopped") && $0.footer.hasPrefix("ready>") }
                try terminal.send("clear", "Enter")
                try terminal.wait(for: "an empty screen") { $0.lines.first == "ready>" || $0.lines.first == "ready> " }
                try terminal.resize(100, 30)
                try terminal.send("fg", "Enter")
                let back = try terminal.wait(for: "the whole screen again") { $0.fills(width: 100, height: 30) && $0.step != nil }
                try terminal.wait(for: "more steps") { $0.step ?? 0 > back.step! }
                try terminal.resize(80, 24)
                try terminal.wait(for: "the screen at 80×24") { $0.fills(width: 80, height: 24) }
            }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            try terminal.wait(for: "ready>")
            try terminal.send("echo status=$?", "Enter")
            try terminal.wait(for: "status=0")
        }

        /// Whether a run folder holds a whole model, trained for some steps.
        private func expectSaved(_ terminal: Terminal) throws {
            let folder = terminal.folder
            #expect(folder.runs.count == 1)
            let run = try #require(folder.runs.first)
            // The lock is there while the program runs. The rest follows the model within moments.
            let files = { folder.names(run).filter { $0 != "lock" } }
            #expect(poll(seconds: 30) { files() == Folder.runFiles ? true : nil } == true, "\(files())")
            let model = try ModelFile.load(folder(run))
            #expect(model.snapshot.step > 0)
            #expect(model.record?.dataset == "mnist-5k")
            let info = try latent(["model", "info", run], in: folder)
            #expect(info.status == 0)
            #expect(info.output.contains("784-512-256-128-2-128-256-512-784"))
            #expect(info.output.contains("\(model.snapshot.step) steps"))
        }

        private func hasEnded(_ process: Int32) -> Bool {
            guard let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return true }
            return String(decoding: stat, as: UTF8.self).contains(") Z ")
        }
    }
}

extension Screen {
    /// At 80×24 while training: the curves.
    var chart: [String] { region(0..<56, 3..<11) }

    /// The step of the progress bar.
    var gaugeStep: Int? { text.firstMatch(of: /step ([0-9]+) of/).flatMap { Int($0.1) } }

    /// The step of the parameters that decoded the plane.
    var decodedStep: Int { text.firstMatch(of: /decoded at step ([0-9]+)/).flatMap { Int($0.1) } ?? -1 }
}
