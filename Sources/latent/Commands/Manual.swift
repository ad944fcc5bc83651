import ArgumentParser
import Foundation
import VAECore

/// Prints the manual page. Hidden, for it is there to package the program.
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the manual page (mdoc), to be read with man -l.",
        discussion: "The page is dated by SOURCE_DATE_EPOCH, if that is set, else today.", shouldDisplay: false)

    mutating func run() throws {
        guard let tree = CommandTree.own else {
            throw CoreError(.configuration, "the commands' description is not understood", at: "manual")
        }
        let seconds = Surroundings.variable("SOURCE_DATE_EPOCH").flatMap { Int32($0) }
        Console.raw(ManualPage.text(tree, date: seconds.map { Date(timeIntervalSince1970: Double($0)) } ?? Date()))
    }
}
