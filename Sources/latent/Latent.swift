import ArgumentParser
import Foundation
import PlainText
import TUI
import VAECore

/// The command `latent`.
struct Latent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latent",
        abstract: "Train a variational autoencoder in the terminal and walk its latent space.",
        discussion: """
            Without a subcommand, opens the explorer with the model that comes with the project.

            Examples:
              latent                                   walk the plane of models/manifold
              latent tour                              learn what a VAE is, by driving one
              latent train                             train on a terminal, live
              latent train --preset pytorch --headless train without a screen
              latent evaluate pytorch                  figures on the held-out images
            """,
        version: Version.full,
        subcommands: [
            Explore.self, TourCommand.self, Train.self, Evaluate.self, Sample.self, Reconstruct.self, Grid.self, Traverse.self,
            Interpolate.self, Encode.self, Plot.self, Animate.self,
            DataCommand.self, ModelCommand.self, PresetCommand.self, RunsCommand.self, Watch.self, Sweep.self, Reproduce.self,
            Benchmark.self, Doctor.self, Manual.self,
        ],
        defaultSubcommand: Explore.self)
}

@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        do {
            try checkHelpTopic()
            var command = try Latent.parseAsRoot()
            try command.run()
            end(0)
        } catch let error as CoreError {
            Console.message(error.description)
            end(error.kind == .configuration ? 64 : 1)
        } catch let error as TerminalError {
            Console.message(error.description)
            end(1)
        } catch let interruption as Interrupted {
            end(interruption.status)
        } catch {
            refuse(error)
        }
    }

    /// Refuses `help` about an unknown command, for which the parser would print the general help.
    private static func checkHelpTopic() throws(CoreError) {
        let arguments = CommandLine.arguments
        guard arguments.count > 2, arguments[1] == "help", !arguments[2].hasPrefix("-") else { return }
        let names = Latent.configuration.subcommands.map { $0.configuration.commandName ?? String(describing: $0).lowercased() }
        guard !names.contains(arguments[2]) else { return }
        throw CoreError(
            .configuration, "no such command", at: "help", expected: names.joined(separator: ", "),
            found: "'\(sanitize(arguments[2]))'")
    }

    /// Prints what the parser says: help on stdout, usage errors on stderr.
    private static func refuse(_ error: any Error) -> Never {
        let code = Latent.exitCode(for: error)
        guard !code.isSuccess else { Latent.exit(withError: error) }
        // The parser quotes arguments verbatim: a line break in one must not begin a line of ours.
        let arguments = CommandLine.arguments.flatMap { [$0, $0.drop { $0 != "=" }.dropFirst().description] }
        let message = arguments.filter { sanitize($0) != $0 }.reduce(Latent.fullMessage(for: error)) {
            $0.replacingOccurrences(of: $1, with: sanitize($1))
        }
            // Long lists of names come a line each.
            .replacingOccurrences(of: "the following:\n  - ", with: "")
            .replacingOccurrences(of: "\n  - ", with: ", ")
        for line in message.split(separator: "\n") { Console.note(line.description) }
        end(code.rawValue)
    }

    /// Exits without the libraries' clean-up: OpenBLAS would unmap memory that a trainer or worker is still using, and
    /// crash it.
    private static func end(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}

/// Ends the program with the status that a shell expects after a signal.
struct Interrupted: Error {
    var status: Int32 = 130
}
