import Drawing
import VAECore

/// What the Compare screen shows.
package struct CompareState: Sendable {
    /// Places in the held-out set, in the order listed.
    package var order: [Int] = []
    /// The line of the list the cursor is on.
    package var selected = 0
    package var sorting = Sorting.index
    /// Draws z instead of taking the mean, under this seed: another one for each draw.
    package var sampleSeed: UInt64?
    /// The selected image and what the model makes of it.
    package var pair: Pair?

    /// Estimates of its log p(x), once asked for.
    package var bounds: ImageBounds?
    /// The images after it in the list above what the model makes of them, where there is room.
    package var pairs = TrainState.Strip()

    /// An order of the list.
    package enum Sorting: String, Sendable, CaseIterable {
        case index = "index"
        case worst = "worst first"
        case label = "class"
        /// By how much the second model's loss is greater, or less.
        case secondWorse = "second worse"
        case secondBetter = "second better"

        var needsSecond: Bool { self == .secondWorse || self == .secondBetter }
    }

    /// One image and what the model makes of it.
    package struct Pair: Sendable, Equatable {
        /// Place in the held-out set.
        package var index: Int
        /// The image as the model saw it (pixels).
        package var input: [Float]
        /// What the model makes of it, and the losses, nats.
        package var reconstruction: Inference.Reconstruction
        package var step: Int
        /// The same of the second model, when one is held.
        package var second: Beside?

        /// What a second model makes of the image.
        package struct Beside: Sendable, Equatable {
            /// The image as it saw it (pixels).
            package var input: [Float]
            /// What it makes of it, and the losses, nats.
            package var reconstruction: Inference.Reconstruction

            /// - Parameter input: (pixels), as the second model saw them.
            package init(input: [Float], reconstruction: Inference.Reconstruction) {
                self.input = input
                self.reconstruction = reconstruction
            }
        }

        /// - Parameter step: the training step of the parameters that made it.
        package init(
            index: Int, input: [Float], reconstruction: Inference.Reconstruction, step: Int, second: Beside? = nil
        ) {
            self.index = index
            self.input = input
            self.reconstruction = reconstruction
            self.step = step
            self.second = second
        }
    }
}

extension CompareState {
    /// Another model is on show: what the one before made of the images goes, and with it an order by their losses.
    mutating func forgetLosses(images: Int) {
        pair = nil
        bounds = nil
        pairs = .init()
        guard sorting != .label else { return }
        let image = order.indices.contains(selected) ? order[selected] : 0
        order = Array(0..<images)
        selected = image < images ? image : 0
    }
}

extension AppState {
    package var compare: CompareState {
        get { screens[CompareState.self, default: CompareState()] }
        _modify { yield &screens[CompareState.self, default: CompareState()] }
    }

    /// By how many nats the second model's loss of an image is greater; nil before both are known. Beside a plain
    /// autoencoder it is the reconstructions' difference: there is no bound to compare.
    package func difference(_ index: Int) -> Double? {
        guard let beside, shown.scores.indices.contains(index), beside.scores.indices.contains(index) else { return nil }
        let (own, other) = (shown.scores[index], beside.scores[index])
        return comparesReconstructions
            ? other.reconstruction - own.reconstruction : other.negativeELBO - own.negativeELBO
    }

    /// Whether one of the two models is a plain autoencoder, so that their bounds cannot be compared.
    var comparesReconstructions: Bool { model.isDeterministic || beside?.model.isDeterministic == true }
}
