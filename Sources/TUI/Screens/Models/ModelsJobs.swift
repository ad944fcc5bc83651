import Drawing
import VAECore

/// The list of the models there are.
package struct ListModels: Job {
    package var session: Session

    package var policy: JobPolicy { .once(.files) }
    package func run(on bench: Bench) -> [ModelListing]? { session.models() }
    package func finish(_ listings: [ModelListing], _ state: inout AppState) -> [Effect] { listed(listings, &state) }
    package static func == (a: ListModels, b: ListModels) -> Bool { a.session.path == b.session.path }
}

/// Reads a model's file, to put it on show or to hold it beside the one on show.
package struct OpenModel: Job {
    package var session: Session
    package var model: Model
    package var isBeside: Bool
    /// Whether its run is to be continued at once.
    package var continues = false

    /// Which model.
    package enum Model: Sendable, Equatable {
        case listed(ModelListing)
        /// The one of that name in `models/`.
        case named(String)
    }

    package var policy: JobPolicy { .each(.files) }

    package func run(on bench: Bench) throws -> Session? {
        switch model {
        case .listed(let listing) where listing.isWritten && !isBeside: return try session.follow(listing)
        case .listed(let listing): return try session.open(listing)
        case .named(let name):
            guard let listing = session.models().first(where: { $0.place == .models && $0.name == name }) else {
                throw CoreError(.model, "models/ has no such model", at: name, remedy: "choose one with b on Models")
            }
            return try session.open(listing)
        }
    }

    package func finish(_ session: Session, _ state: inout AppState) -> [Effect] {
        isBeside ? held(session, &state) : opened(session, continues: continues, &state)
    }

    package func fail(_ error: any Error, _ state: inout AppState) -> [Effect] {
        let name = switch model { case .listed(let listing): listing.name; case .named(let name): name }
        let reason = (error as? CoreError).map(ModelShelf.reason) ?? "\(error)"
        state.message = .init(text: "\(name): \(reason)", isError: true)
        return []
    }

    package static func == (a: OpenModel, b: OpenModel) -> Bool { (a.model, a.isBeside, a.continues) == (b.model, b.isBeside, b.continues) }
}

/// The holes in a model's plane; takes seconds, one model at a time.
package struct MeasureHoles: Job {
    package var model: Model
    package var set: ImageSet

    /// A model in the list, or one that is loaded.
    package enum Model: Sendable, Equatable {
        case listed(ModelListing, Session)
        case loaded(ModelAt)

        package static func == (a: Model, b: Model) -> Bool {
            switch (a, b) {
            case (.listed(let a, _), .listed(let b, _)): a == b
            case (.loaded(let a), .loaded(let b)): a == b
            default: false
            }
        }
    }

    package var policy: JobPolicy { .once(.measuring) }

    package func run(on bench: Bench) -> (path: String, holes: LatentHoles?)? {
        let (path, session, snapshot): (String, Session?, ParameterSnapshot?)
        switch model {
        case .listed(let listing, let own):
            session = try? own.open(listing)
            (path, snapshot) = (listing.path, session?.snapshot)
        case .loaded(let model): (path, session, snapshot) = (model.session.path ?? "", model.session, model.snapshot)
        }
        guard let session, let snapshot, session.takes(set) else { return (path, nil) }
        return (path, LatentHoles.measure(snapshot, trainingImages: set, binarization: session.binarization))
    }

    package func finish(_ answer: (path: String, holes: LatentHoles?), _ state: inout AppState) -> [Effect] {
        state.models.holes[answer.path] = .some(answer.holes)
        return state.screen == .models || state.screen == .compare ? refresh(state) : []
    }
}
