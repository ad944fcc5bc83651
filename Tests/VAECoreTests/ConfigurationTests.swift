import Foundation
import Testing
import VAECore

/// Valid and invalid configurations, and those of older files.
@Suite struct ConfigurationTests {
    @Test(arguments: Preset.all.map(\.name))
    func presetsBuildAndSurviveJSON(_ name: String) throws {
        let preset = try Preset.named(name)
        try preset.training.validate()
        let network = try Network(preset.model)
        #expect(network.outputCount == 784 * preset.model.likelihood.outputsPerPixel)
        #expect(Set(network.layout.views.map(\.name)).count == network.layout.views.count)
        let model = try JSONDecoder().decode(ModelConfiguration.self, from: JSONEncoder().encode(preset.model))
        #expect(model == preset.model)
        let training = try JSONDecoder().decode(
            TrainingConfiguration.self, from: JSONEncoder().encode(preset.training))
        #expect(training == preset.training)
    }

    /// The parameter ranges of all layers, unit by unit, cover the buffer exactly once.
    @Test(arguments: Preset.all.map(\.name))
    func unitsCoverTheParameters(_ name: String) throws {
        let network = try Network(Preset.named(name).model)
        var owners = [Int](repeating: 0, count: network.parameterCount)
        for layer in network.encoder + network.decoder {
            for unit in 0..<layer.weightUnits {
                for range in layer.parameterRanges(units: unit..<unit + 1) { for i in range { owners[i] += 1 } }
            }
        }
        #expect(owners.allSatisfy { $0 == 1 })
    }

    /// Sizes that are each in range but whose product overflows, as a file may have them, and too many layers.
    @Test func sizesTooLargeTogether() {
        let huge = ImageShape(height: 65_536, width: 65_536, channels: 65_536)
        let tall = ImageShape(height: 65_536, width: 65_536)
        let linear = LayerConfiguration.linear(units: 65_536, activation: .relu)
        let spread = LayerConfiguration.transposedConvolution(
            filters: 65_536, kernel: 256, stride: 256, padding: .same, activation: .relu)
        let many = [LayerConfiguration](repeating: linear, count: 40_000)
        for configuration in [
            ModelConfiguration(image: huge, latent: 2, encoder: [linear], decoder: [linear]),
            ModelConfiguration(image: tall, latent: 2, encoder: [spread], decoder: [linear]),
            ModelConfiguration(latent: 2, encoder: many, decoder: [linear]),
        ] {
            #expect { try Network(configuration) } throws: { ($0 as? CoreError)?.what == "size out of range" }
        }
    }

    /// Metadata written by the first version of the program.
    @Test func filesOfTheFirstVersionStillLoad() throws {
        let model = try JSONDecoder().decode(
            ModelConfiguration.self,
            from: Data(
                #"""
                {"decoder":[{"linear":{"activation":"relu","units":400}}],"encoder":[{"linear":{"activation":"relu",
                "units":400}}],"image":{"channels":1,"height":28,"width":28},"latent":20,"likelihood":"bernoulli"}
                """#.utf8))
        #expect(model == .perceptron(hidden: [400], latent: 20))
        let training = try JSONDecoder().decode(
            TrainingConfiguration.self,
            from: Data(
                #"""
                {"batchSize":128,"beta":1,"binarization":"grey","epochs":10,"initialization":"pytorch",
                "learningRate":0.001,"schedule":"constant","seed":1}
                """#.utf8))
        #expect(training == TrainingConfiguration(epochs: 10, batchSize: 128, learningRate: 1e-3))
    }

    static func convolution(_ kernel: Int, _ stride: Int, _ padding: Padding) -> LayerConfiguration {
        .convolution(filters: 4, kernel: kernel, stride: stride, padding: padding, activation: .relu)
    }
    static let refused: [(ModelConfiguration, String)] = [
        (.perceptron(hidden: [0], latent: 2), "layer fc1"),
        (.perceptron(hidden: [4, 0], latent: 2), "layer encoder.1"),
        (.perceptron(hidden: [65_536, 65_536], latent: 2), "too many parameters"),
        (.perceptron(hidden: [4], latent: 0), "latent dimension"),
        (.perceptron(hidden: [4], latent: 2, classes: 1), "--conditional"),
        (ModelConfiguration(latent: 2, encoder: [convolution(29, 1, .valid)], decoder: []), "layer encoder.0: kernel larger"),
        (ModelConfiguration(latent: 2, encoder: [convolution(3, 0, .same)], decoder: []), "layer encoder.0, stride"),
        (ModelConfiguration(latent: 2, encoder: [convolution(0, 1, .same)], decoder: []), "layer encoder.0, kernel"),
        (ModelConfiguration(latent: 2, encoder: [], decoder: [convolution(3, 1, .same)]), "layer decoder.0: a convolution takes an image"),
        (
            ModelConfiguration(
                latent: 2, encoder: [.linear(units: 9, activation: .relu), convolution(3, 1, .same)], decoder: []),
            "layer encoder.1: a convolution takes an image"
        ),
        (
            ModelConfiguration(
                latent: 2, encoder: [],
                decoder: [.linear(units: 10, activation: .relu), .reshape(height: 3, width: 3, channels: 1)]),
            "before layer decoder.1: the reshape does not fit"
        ),
        (
            ModelConfiguration(
                latent: 2, encoder: [],
                decoder: [.linear(units: 9, activation: .relu), .reshape(height: 3, width: 3, channels: 1)],
                output: .transposedConvolution(kernel: 3, stride: 2)),
            "layer decoder.1: the output has another size"
        ),
        (
            ModelConfiguration(
                latent: 2, encoder: [],
                decoder: [.linear(units: 784, activation: .relu), .reshape(height: 28, width: 28, channels: 1)],
                output: .transposedConvolution(kernel: 3, stride: 1), likelihood: .gaussian),
            "--likelihood gaussian"
        ),
    ]

    @Test(arguments: refused)
    func whatDoesNotFitIsNamed(_ configuration: ModelConfiguration, _ words: String) {
        do throws(CoreError) {
            _ = try Network(configuration)
            Issue.record("built \(configuration.summary)")
        } catch {
            #expect(error.kind == .configuration)
            #expect(error.description.contains(words), "\(error.description)")
        }
    }

    @Test func trainingValuesAreNamed() throws {
        func refusal(_ change: (inout TrainingConfiguration) -> Void) -> String {
            var training = TrainingConfiguration(epochs: 1, batchSize: 10, learningRate: 1e-3)
            change(&training)
            do throws(CoreError) {
                try training.validate()
                return "accepted"
            } catch {
                return error.place
            }
        }
        #expect(refusal { $0.objective.samples = 0 } == "--samples")
        #expect(refusal { $0.objective.freeBits = -1 } == "--free-bits")
        #expect(refusal { $0.objective = Objective(.iwae, samples: 2, freeBits: 1) } == "--free-bits")
        #expect(refusal { $0.klWarmUp = .nan } == "--kl-warmup")
        #expect(refusal { $0.gradientClip = 0 } == "--clip")
        #expect(refusal { $0.optimizer = .adagrad(weightDecay: -1) } == "--weight-decay")
        #expect(refusal { $0.optimizer = .sgd(momentum: 1) } == "--momentum")
        #expect(refusal { $0.optimizer = .adam(epsilon: 0) } == "optimizer epsilon")
        #expect(refusal { $0.learningRate = .infinity } == "--learning-rate")
    }

    /// An optimiser refuses numbers that it does not use.
    @Test func optimisersHaveNumbersOfTheirOwn() throws {
        var (adam, sgd) = (OptimizerConfiguration.adam(), OptimizerConfiguration.sgd())
        try adam.set(weightDecay: 0)
        #expect(refusal { try adam.set(weightDecay: 0.1) }.contains("expected --optimizer adamw or adagrad or sgd"))
        #expect(refusal { try adam.set(momentum: 0.5) }.contains("expected --optimizer sgd"))
        try sgd.set(weightDecay: 0.1)
        try sgd.set(momentum: 0.5)
        #expect(adam == .adam() && sgd == .sgd(momentum: 0.5, weightDecay: 0.1))
    }

    /// The exact JSON of each optimiser, since older and newer versions read it.
    @Test(arguments: [
        (OptimizerConfiguration.adam(), #"{"kind":"adam","momentum":0.9,"weightDecay":0}"#),
        (.adam(epsilon: 0.5), #"{"epsilon":0.5,"kind":"adam","momentum":0.9,"weightDecay":0}"#),
        (.adamW(), #"{"kind":"adamw","momentum":0.9,"weightDecay":0.01}"#),
        (.adagrad(epsilon: 0.25, weightDecay: 0.5), #"{"epsilon":0.25,"kind":"adagrad","momentum":0.9,"weightDecay":0.5}"#),
        (.sgd(momentum: 0.5, weightDecay: 0.25), #"{"kind":"sgd","momentum":0.5,"weightDecay":0.25}"#),
    ])
    func optimisersInJSON(_ optimizer: OptimizerConfiguration, _ text: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(optimizer), as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(OptimizerConfiguration.self, from: Data(text.utf8)) == optimizer)
    }

    @Test(arguments: [
        (#"{"kind":"lion","momentum":0.9,"weightDecay":0}"#, "an optimiser is one of adam, adamw, adagrad, sgd"),
        (#"{"kind":"adam","momentum":0.9,"weightDecay":0.1}"#, "adam has no weight decay"),
    ])
    func optimisersThatNoFileCanHave(_ text: String, _ words: String) {
        #expect(refusal { _ = try JSONDecoder().decode(OptimizerConfiguration.self, from: Data(text.utf8)) }.contains(words))
    }

    /// `takes` agrees with evaluation and training. Training checks each side of the image, not only their product.
    @Test func whatDataAModelTakes() throws {
        func refusal(_ dataset: Dataset, classes: Int? = nil) -> (training: String, evaluation: String) {
            let model = ModelConfiguration.perceptron(hidden: [4], latent: 2, classes: classes)
            func words(_ body: () throws(CoreError) -> Void) -> String {
                do throws(CoreError) { try body() } catch { return "\(error.kind): \(error)" }
                return "taken"
            }
            let evaluation = words { () throws(CoreError) in try model.requireFit(dataset.test, of: dataset.name) }
            #expect(model.takes(dataset.test) == (evaluation == "taken"))
            let training = words { () throws(CoreError) in
                _ = try Trainer(
                    model: model, training: TrainingConfiguration(epochs: 1, batchSize: 10, learningRate: 1e-3),
                    dataset: dataset)
            }
            return (training, evaluation)
        }
        let labelled = Dataset.noise(images: 20, seed: 1), unlabelled = Dataset.noise(images: 20, seed: 1, labelled: false)
        #expect(refusal(labelled) == ("taken", "taken") && refusal(unlabelled) == ("taken", "taken"))
        #expect(refusal(labelled, classes: 10) == ("taken", "taken"))
        #expect(try labelled.classes() == 10)
        #expect(throws: CoreError.self) { try unlabelled.classes() }
        for (dataset, classes, found) in [
            (unlabelled, 10, "expected data with labels, found none"), (labelled, 9, "expected labels below 9, found label 9"),
            (.noise(images: 20, seed: 1, shape: ImageShape(height: 28, width: 27)), 10, "expected 28x28x1, found 28x27x1"),
        ] {
            let (training, evaluation) = refusal(dataset, classes: classes)
            #expect(training == evaluation && training.hasPrefix("data: ") && training.contains(found), "\(training)")
        }
        let wide = refusal(.noise(images: 20, seed: 1, shape: ImageShape(height: 14, width: 14, channels: 4)))
        #expect(wide.evaluation == "taken" && wide.training.contains("found 14x14x4"))
    }

    /// Only classes that occur are offered, under the labels that they have.
    @Test func classesWithGaps() throws {
        func set(_ labels: [UInt8]) -> ImageSet {
            ImageSet(shape: ImageShape(height: 2, width: 2), pixels: [UInt8](repeating: 9, count: 4 * labels.count), labels: labels)
        }
        let dataset = Dataset(name: "d", train: set([3, 7, 3]), test: set([9, 7]), source: "", classNames: ["", "", "", "cat"])
        #expect(try dataset.classLabels() == [3, 7, 9] && dataset.className(3) == "3 (cat)" && dataset.className(7) == "7")
        #expect(try Dataset(name: "d", train: set([4]), test: set([4]), source: "").classLabels() == [0, 4])
        var model = ModelConfiguration.perceptron(image: dataset.shape, hidden: [4], latent: 2, classes: 3)
        model.classLabels = [3, 7, 9]
        #expect(model.takes(dataset.test) && !model.takes(set([3, 8])))
        #expect(refusal { try model.requireFit(set([8]), of: "d") }.contains("expected labels 3, 7, 9, found label 8"))
        let network = try Network(model)
        #expect(network.classLabels == [3, 7, 9])
        // A label picks its class: a network that has 0, 1, 2 makes the same of 2 as this of 9.
        var plain = model
        plain.classLabels = nil
        let values = (0..<network.parameterCount).map { Float($0 % 7) - 3 }
        let parameters = ParameterSnapshot(network: network, values: values)
        let twin = ParameterSnapshot(network: try Network(plain), values: values)
        let z: [Float] = [0.5, -0.5]
        #expect(Inference(parameters).decode(z, labels: [9]) == Inference(twin).decode(z, labels: [2]))
        #expect(Inference(parameters).decode(z, labels: [3]) != Inference(parameters).decode(z, labels: [9]))
        // In files: a list beside the number, and none where the labels count from 0.
        let text = String(decoding: try JSONEncoder().encode(model), as: UTF8.self)
        #expect(text.contains(#""class_labels":[3,7,9]"#))
        #expect(try JSONDecoder().decode(ModelConfiguration.self, from: Data(text.utf8)) == model)
        #expect(!String(decoding: try JSONEncoder().encode(plain), as: UTF8.self).contains("class_labels"))
        for labels in [[3, 7], [7, 3, 9], [3, 7, 300]] {
            model.classLabels = labels
            #expect(throws: CoreError.self) { try Network(model) }
        }
    }

    /// Halfway through a warm-up of two epochs, β is half its final value.
    @Test func warmUp() {
        let training = TrainingConfiguration(epochs: 5, batchSize: 10, learningRate: 1e-3, beta: 4, klWarmUp: 2)
        #expect(training.beta(step: 0, stepsPerEpoch: 10) == 0)
        #expect(training.beta(step: 10, stepsPerEpoch: 10) == 2)
        #expect(training.beta(step: 20, stepsPerEpoch: 10) == 4)
        #expect(training.beta(step: 49, stepsPerEpoch: 10) == 4)
    }

    @Test func initializationsHaveTheirSpread() throws {
        let network = try Network(.perceptron(hidden: [300], latent: 5))
        func spread(_ initialization: Initialization, _ name: String) -> (largest: Float, deviation: Float) {
            let values = FloatBuffer(count: network.parameterCount)
            initialization.fill(values, layout: network.layout, seed: 1)
            let tensor = network.layout[name]!.range.map { values[$0] }
            let squares = tensor.reduce(0) { $0 + $1 * $1 }
            return (tensor.map(abs).max()!, (squares / Float(tensor.count)).squareRoot())
        }
        let glorot = (6.0 / Float(784 + 300)).squareRoot()
        #expect(spread(.glorot, "fc1.weight").largest <= glorot)
        #expect(abs(spread(.glorot, "fc1.weight").deviation / (glorot / Float(3).squareRoot()) - 1) < 0.01)
        #expect(spread(.glorot, "fc1.bias").largest == 0)
        #expect(abs(spread(.normal, "fc1.weight").deviation / 0.01 - 1) < 0.01)
        #expect(spread(.normal, "fc1.bias").deviation > 0.008)
        #expect(spread(.pytorch, "fc1.bias").largest <= 1 / Float(784).squareRoot())
        // Steep is the decoder's first layer alone.
        let first = 12 / Float(5).squareRoot()
        #expect((0.9 * first...first).contains(spread(.steep, "fc3.weight").largest) && (0.9 * first...first).contains(spread(.steep, "fc3.bias").largest))
        for name in ["fc1.weight", "fc21.bias", "fc4.weight", "fc4.bias"] {
            #expect(spread(.steep, name).largest == spread(.pytorch, name).largest)
        }
    }
}
