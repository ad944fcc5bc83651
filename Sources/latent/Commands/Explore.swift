import ArgumentParser
struct Explore: ParsableCommand { mutating func run() throws {} }
