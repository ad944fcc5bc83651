import Foundation
import Testing

extension EndToEnd {
    /// What makes the program one that is installed: version, doctor, completions, the manual, its place below a prefix.
    @Suite struct InstallTests {
        @Test func theVersionNamesTheCommitAndTheBuild() throws {
            let end = try latent(["--version"], in: Folder())
            #expect(end.status == 0 && end.errors.isEmpty)
            #expect(end.output.wholeMatch(of: /latent [0-9.]+ \(.*(debug|release) build\)\n/) != nil)
        }

        // MARK: Doctor

        @Test func theDoctorTellsWhatItFinds() throws {
            let folder = try Folder()
            let end = try latent(["doctor"], in: folder, environment: ["SECRET_TOKEN": "hunter2", "TERM": "xterm-256color"])
            #expect(end.status == 0 && end.errors.isEmpty)
            for line in ["OpenBLAS check +passed", "TERM +xterm-256color", "colours +256", "encoding +UTF-8", "models +.*manifold"] {
                #expect(try end.output.contains(Regex(line)), "\(line)")
            }
            // The home folder of the test is the working folder.
            #expect(end.output.contains("working folder        ~: can be written"))
            #expect(!end.output.contains("hunter2") && !end.output.contains(folder.path))
            #expect(folder.names().isEmpty)
        }

        @Test func theDoctorsPageHasNoControlBytes() throws {
            let odd: [String: String?] = ["COLORTERM": "\u{1B}]0;x\u{07}\u{202E}", "LANG": "C", "TERM": "no\u{1B}[2J"]
            let text = try latent(["doctor"], in: Folder(), environment: odd)
            let hidden: [Unicode.GeneralCategory] = [.control, .format]
            #expect(text.status == 0)
            #expect(text.output.unicodeScalars.allSatisfy { $0 == "\n" || !hidden.contains($0.properties.generalCategory) })
            #expect(text.output.contains("no description of this terminal") && text.output.contains("LANG=C.UTF-8"))
            let json = try latent(["doctor", "--json"], in: Folder(), environment: odd)
            #expect(json.bytes.dropLast().allSatisfy { (32..<127).contains($0) })
            let page = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: [String: Any]])
            #expect(page["terminal"]?["described"] as? Bool == false)
            #expect(page["machine"]?["cores"] as? Int ?? 0 > 0)
            #expect((page["advice"]?["amiss"] as? [String])?.count == 2)
        }

        @Test func theDoctorSaysThatModelsAreMissing() throws {
            let folder = try Folder()
            let end = try latent(["doctor"], in: folder, environment: ["LATENT_PROJECT": folder("nowhere")])
            #expect(end.status == 0 && end.output.contains("no models were found: set LATENT_PROJECT"))
        }

        // MARK: Completions

        private static let completions: [(words: [String], offers: [String])] = [
            (["tra"], ["train"]),
            (["explore", ""], ["manifold", "pytorch", "runs/first", "weights.pt", "sets"]),
            (["explore", "runs/f"], ["runs/first"]),
            (["evaluate", "--data", "sets/"], ["sets/own"]),
            (["grid", "mani"], ["manifold"]),
            (["train", "--preset", ""], ["kingma", "iwae"]),
            (["train", "--data", "fa"], ["fashion-mnist"]),
            (["train", "--resume", ""], ["first"]),
            (["explore", "--screen", "dr"], ["draw"]),
            (["explore", "--glyphs", ""], ["half", "quadrant", "sextant", "braille", "ascii"]),
            (["tour", "--language", ""], ["en", "ko"]),
            (["watch", "f"], ["first"]),
        ]

        @Test func bashCompletesValues() throws {
            let folder = try Folder()
            for path in ["bin", "runs/first", "sets/own", "runs/$(touch made)"] {
                try FileManager.default.createDirectory(atPath: folder(path), withIntermediateDirectories: true)
            }
            for name in ["weights.pt", "notes.txt", "`touch made`.pt"] { try folder.write("", name) }
            // The script calls the program by its name.
            try FileManager.default.createSymbolicLink(atPath: folder("bin/latent"), withDestinationPath: Built.program)
            let script = try latent(["--generate-completion-script", "bash"], in: folder)
            #expect(script.status == 0)
            try folder.write(script.bytes, "latent.bash")
            for (words, offers) in Self.completions {
                let end = try Running(
                    "/bin/bash", [Built.root + "/Tests/Fixtures/complete.bash", folder("latent.bash"), "latent"] + words,
                    in: folder.path,
                    environment: Built.environment(
                        home: folder.path, ["PATH": folder("bin") + ":/usr/bin:/bin"])
                ).wait()
                let found = Set(end.output.split(separator: "\n").map(String.init))
                #expect(end.status == 0 && found.isSuperset(of: offers), "\(words): \(found)")
                #expect(!found.contains("notes.txt"))
                if let typed = words.last { #expect(found.allSatisfy { $0.hasPrefix(typed) }) }
            }
            #expect(!folder.exists("made"))
        }

        @Test(arguments: ["zsh", "fish"]) func otherShellsHaveAScript(_ shell: String) throws {
            let end = try latent(["--generate-completion-script", shell], in: Folder())
            #expect(end.status == 0 && end.output.contains("doctor") && end.output.contains("---completion explore"))
        }

        // MARK: The manual

        @Test func theManualHasCommandsOptionsAndKeys() throws {
            let folder = try Folder()
            let end = try latent(["manual"], in: folder, environment: ["SOURCE_DATE_EPOCH": "86400"])
            #expect(end.status == 0 && end.output.hasPrefix(".Dd January 2, 1970\n.Dt LATENT 1\n"))
            for command in ["train", "data list", "model export", "doctor"] {
                #expect(end.output.contains(".Ss \"\\&latent \(command)"), "\(command)")
            }
            #expect(!end.output.contains("latent manual"))
            #expect(end.output.contains(".It Fl \\-learning\\-rate Ar learning\\-rate"))
            #expect(end.output.contains("from the last good step"))
            #expect(end.output.contains(".It Sy \"\\&Ctrl\\-L\\&\""))
            // Each line is text or a macro of the page's language.
            let macros = ["Dd", "Dt", "Os", "Nm", "Nd", "Op", "Sh", "Ss", "Pp", "Bd", "Ed", "Bl", "El", "It"]
            for line in end.output.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
                #expect(macros.contains(String(line.dropFirst().prefix(2))), "\(line)")
            }
            #expect(end.bytes.allSatisfy { $0 == 10 || (32..<127).contains($0) })
        }

        // MARK: Below a prefix

        /// A program in PREFIX/bin finds models and data in PREFIX/share/latent, whatever the working folder.
        @Test func anInstalledProgramFindsItsModels() throws {
            let folder = try Folder()
            let files = FileManager.default
            for path in ["usr/bin", "usr/share/latent/models/mine", "usr/share/latent/data"] {
                try files.createDirectory(atPath: folder(path), withIntermediateDirectories: true)
            }
            try files.copyItem(atPath: Built.program, toPath: folder("usr/bin/latent"))
            try files.copyItem(
                atPath: Built.root + "/models/manifold/model.safetensors", toPath: folder("usr/share/latent/models/mine/model.safetensors"))
            try files.copyItem(atPath: Built.root + "/data/mnist-5k", toPath: folder("usr/share/latent/data/mnist-5k"))
            func run(_ arguments: String...) throws -> Running.End {
                try Running(
                    folder("usr/bin/latent"), arguments, in: "/",
                    environment: Built.environment(home: folder.path, ["LATENT_PROJECT": nil])
                ).wait()
            }
            let models = try run("model", "list")
            #expect(models.status == 0 && models.output.hasPrefix("mine ") && !models.output.contains("kingma"))
            #expect(try run("data", "list").output.contains("usr/share/latent/data/mnist-5k"))
            #expect(try run("doctor").output.contains("installed             yes"))
            // No Git repository above it: no commit is made up.
            #expect(try run("--version").output.wholeMatch(of: /latent [0-9.]+ \((debug|release) build\)\n/) != nil)
        }
    }
}
