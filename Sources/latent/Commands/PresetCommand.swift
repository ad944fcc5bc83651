import ArgumentParser
import VAECore

struct PresetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preset", abstract: "List the presets, or print one for other programs.",
        discussion: """
            With --json, a preset is an object with its name, its network (model) and its training, as config.json and model
            files have them: all that another program needs to build and train the same model. Options change it as they do
            for 'latent train'.

            Examples:
              latent preset                                    the presets, a line each
              latent preset pytorch --json                     one of them as JSON
              latent preset pytorch --hidden 800 --json        the same with a wider hidden layer
            """)

    @Argument(help: "The preset; without it, all of them.") var name: Choice<Presets>?
    @OptionGroup var training: TrainingOptions
    @Flag(help: "Print one JSON object per preset.") var json = false

    mutating func run() throws {
        try training.requirePresetAlone(beside: name?.name)
        guard let name else {
            json ? try Preset.all.forEach { Console.json(try Line($0)) } : printTable()
            return
        }
        training.preset = name
        let preset = try training.resolve(image: .mnist, classes: Array(0..<10)).preset
        json ? Console.json(try Line(preset)) : try printFigures(preset)
    }

    private func printTable() {
        let rows = Preset.all.map { [$0.name, $0.model.summary, $0.summary] }
        for line in Table.lines([["name", "network", "what it is"]] + rows, right: []) { Console.print(line) }
    }

    private func printFigures(_ preset: Preset) throws {
        let training = preset.training
        Console.print("\(preset.name)  \(preset.model.summary)  \(try Network(preset.model).parameterCount) parameters")
        Console.print(
            "\(training.epochs) epochs, batches of \(training.batchSize), \(training.optimizer.kind), learning rate "
                + "\(training.learningRate) (\(training.schedule.rawValue)), \(training.binarization.rawValue) pixels")
    }

    private struct Line: Encodable {
        var name, summary: String
        var parameters: Int
        var model: ModelConfiguration
        var training: TrainingConfiguration

        init(_ preset: Preset) throws(CoreError) {
            (name, summary, model, training) = (preset.name, preset.summary, preset.model, preset.training)
            parameters = try Network(preset.model).parameterCount
        }
    }
}
