import Drawing
import VAECore

// The numbers that the tour tells, all of them out of the state.

extension Tour {
    /// A point of the latent space: "0.31, -2.61".
    static func point(_ z: [Float]) -> String {
        z.prefix(4).map { NumberText.fixed(Double($0), decimals: 2) }.joined(separator: ", ") + (z.count > 4 ? ", ..." : "")
    }

    static func decimal(_ value: Float) -> String { NumberText.fixed(Double(value), decimals: 2) }

    /// What stands for a number that is not known.
    static let unknown = "?"

    static func nats(_ value: Double?) -> String { value.map { Drawing.nats($0) } ?? unknown }

    /// The test loss of a model that comes with the project, as its file has it.
    static func listedLoss(_ name: String, _ state: AppState) -> String {
        let listing = state.models.listings.first { $0.place == .models && $0.name == name }
        guard let terms = listing?.terms else { return unknown }
        return nats(listing?.card?.configuration.isDeterministic == true ? terms.reconstruction : terms.negativeELBO)
    }

    /// The loss of the image chosen on Compare, and the mean of all.
    static func chosenLoss(_ state: AppState) -> [String: String] {
        let scores = state.shown.scores
        guard let pair = state.compare.pair, scores.indices.contains(pair.index) else { return [:] }
        return [
            "image": "\(pair.index + 1)", "loss": nats(scores[pair.index].negativeELBO),
            "mean": nats(scores.reduce(0) { $0 + $1.negativeELBO } / Double(scores.count)),
        ]
    }

    /// The terms of the last batch of the run.
    static func batch(_ state: AppState, _ facts: TourFacts) -> [String: String] {
        guard let run = state.training.run else { return [:] }
        let terms = run.lastStep?.terms
        return [
            "from": "\(facts.step)", "step": "\(run.progress.step)", "first": nats(run.firstLoss),
            "elbo": nats(terms?.negativeELBO), "reconstruction": nats(terms?.reconstruction), "kl": nats(terms?.kl),
            "beta": NumberText.plain(run.beta), "bits": NumberText.plain(run.freeBits ?? 0),
        ]
    }

    /// The codes that an image's picture is compared with: of the held-out images.
    static func nearestCode(_ state: AppState) -> Float? {
        state.shown.codes.flatMap { codes in
            codes.latent == state.explore.cursor.count ? codes.nearest(to: state.explore.cursor, count: 1).first?.distance : nil
        }
    }
}

extension Tour {
    /// The reconstruction loss of a model that comes with the project.
    static func listedReconstruction(_ name: String, _ state: AppState) -> String {
        nats(state.models.listings.first { $0.place == .models && $0.name == name }?.terms?.reconstruction)
    }

    /// A published figure, from the table of them.
    static func published(_ id: String) -> String { nats(PublishedFigure.all.first { $0.id == id }?.published) }

    /// Whether the cursor of Models is on a model that comes with the project.
    static func isChosen(_ name: String, _ state: AppState) -> Bool {
        state.models.current.map { $0.place == .models && $0.name == name } ?? false
    }

    /// The holes of the model on show, once measured.
    static func holes(_ state: AppState) -> LatentHoles? { state.shown.path.flatMap { state.models.holes[$0] ?? nil } }

    /// The bounds of the image chosen on Compare, once estimated.
    static func bounds(_ state: AppState) -> ImageBounds? {
        state.compare.bounds.flatMap { bounds in state.compare.pair.map { bounds.isOf($0) } == true ? bounds : nil }
    }

    /// The mean negative ELBO of the held-out images.
    static func meanLoss(_ state: AppState) -> Double? {
        let scores = state.shown.scores
        return scores.isEmpty ? nil : scores.reduce(0) { $0 + $1.negativeELBO } / Double(scores.count)
    }

    /// Whether there is a drawing with as much ink as the emptiest digit has.
    static func isDrawn(_ state: AppState) -> Bool {
        let ink = state.draw.canvas(state.model.shape).pixels.reduce(0) { $0 + Double($1) }
        return ink >= max(4, state.draw.leastInk ?? 0)
    }
}

// MARK: Bringing screens to a step's beginning

extension Tour {
    /// The pictures of the plane the model begins with.
    static func showPictures(_ state: inout AppState) {
        state.explore.layer = .pictures
        state.explore.goHome(state.model)
    }

    /// Compare's list in the order of the images, and z their means.
    static func orderByIndex(_ state: inout AppState) {
        (state.compare.sorting, state.compare.sampleSeed) = (.index, nil)
        sortCompare(&state)
        state.compare.selected = 0
    }
}
