import VAECore

extension EffectRunner {
    /// Does work for the Models screen. Files are read on another thread.
    func perform(_ work: ModelsWork) -> AppAction? {
        switch work {
        case .list:
            guard underWay.insert("list").inserted else { return nil }
            later { [session] in .models(.listed(session.models())) }
        case .open(let listing):
            // What is being computed for the model that leaves would only make this wait.
            dropWork()
            later { [session] in
                Self.read(listing, session) { .opened($0, keepsData: false) }
            }
        case .loadData: loadData()
        case .hold(let listing): later { [session] in Self.read(listing, session) { .held($0) } }
        case .holdNamed(let name):
            later { [session] in
                guard let listing = session.models().first(where: { $0.place == .models && $0.name == name }) else {
                    return .models(.refused(name: name, reason: "there is no such model in models/; b on Models chooses"))
                }
                return Self.read(listing, session) { .held($0) }
            }
        case .drop:
            second = nil
            dropWork()
        case .scoreSecond: scoreSecond()
        case .encodeSecond: encodeSecond()
        case .measureHoles(let model): measureHoles(model)
        }
        return nil
    }

    private static func read(
        _ listing: ModelListing, _ session: Session, _ answer: (Session) -> ModelsAnswer
    ) -> AppAction {
        do {
            return .models(answer(try session.open(listing)))
        } catch {
            let reason = (error as? CoreError).map(ModelShelf.reason) ?? "\(error)"
            return .models(.refused(name: listing.name, reason: reason))
        }
    }

    /// Takes what an answer brings along: another model on show, or beside it.
    func took(_ action: AppAction) -> AppAction {
        guard case .models(let answer) = action else { return action }
        switch answer {
        case .opened(let other, _):
            guard !isTraining else {
                return .models(.refused(name: other.name, reason: "not loaded, for training has begun"))
            }
            let keepsData = dataset.map { other.takes($0.test) && other.keepsData($0) } ?? false
            let pixels = other.snapshot.network.configuration.image
            take(other, keepsData: keepsData)
            if let second, second.session.snapshot.network.configuration.image != pixels { self.second = nil }
            return .models(.opened(other, keepsData: keepsData))
        case .held(let other):
            guard other.model.shape == session.model.shape else { break }
            second = (other, Inference(other.snapshot, workers: workers))
            dropWork()
        case .listed: underWay.remove("list")
        case .secondScored: underWay.remove("score")
        case .secondEncoded: underWay.remove("encode")
        case .measured: underWay.remove("holes")
        case .refused: break
        }
        return action
    }

    // MARK: The second model

    /// What the model held beside makes of a held-out image; nil when none is held, or it cannot take these images.
    func beside(_ index: Int, _ seed: UInt64?, _ set: ImageSet) -> CompareState.Pair.Beside? {
        guard let second, second.session.takes(set) else { return nil }
        let (image, labels) = second.session.inputs(index..<index + 1, of: set)
        return second.inference.reconstruct(image, sampleSeed: seed, labels: labels).first.map {
            .init(input: image, reconstruction: $0)
        }
    }

    private func scoreSecond() {
        guard let second, let set = dataset?.test, second.session.takes(set), underWay.insert("score").inserted
        else { return }
        let (session, snapshot) = (second.session, second.inference.snapshot)
        later(for: show) { [show] in
            .models(.secondScored(Self.scores(session, snapshot, set, while: show)))
        }
    }

    private func encodeSecond() {
        guard let second, let set = dataset?.test, second.session.takes(set), underWay.insert("encode").inserted
        else { return }
        let (session, snapshot) = (second.session, second.inference.snapshot)
        later(for: show) {
            .models(.secondEncoded(LatentCodes(Inference(snapshot), set, session.binarization, seed: session.seed)))
        }
    }

    // MARK: Holes

    /// Measures one model at a time; who is refused is asked for again when the answer comes.
    private func measureHoles(_ model: ModelsWork.Measured) {
        guard let images = dataset?.train, underWay.insert("holes").inserted else { return }
        let (own, beside) = (session, second?.session)
        later(on: measuring) {
            let path: String
            let read: Session?
            switch model {
            case .listed(let listing): (path, read) = (listing.path, try? own.open(listing))
            case .shown: (path, read) = (own.path ?? "", own)
            case .second: (path, read) = (beside?.path ?? "", beside)
            }
            guard let read, read.takes(images) else { return .models(.measured(path: path, nil)) }
            return .models(
                .measured(
                    path: path,
                    LatentHoles.measure(read.snapshot, trainingImages: images, binarization: read.binarization)))
        }
    }
}
