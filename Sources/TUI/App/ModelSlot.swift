import VAECore

/// A model that the screens show: what it is, its parameters at one step, and what has been computed of it.
public struct ModelSlot: Sendable {
    /// Tells models apart: each that is put on show or held beside has one of its own, and so has each run.
    public struct ID: Hashable, Sendable {
        let number: Int
    }

    public private(set) var id: ID
    public let session: Session
    /// The parameters on show.
    public var snapshot: ParameterSnapshot
    public var model: ModelState
    /// Its file; nil for one that has none.
    public var path: String?
    /// Where the held-out images lie in the latent space, once encoded.
    public var codes: LatentCodes?
    /// The same of the first training images.
    public var trainingCodes: LatentCodes?
    /// Its losses on each held-out image, once computed; by place in the set.
    public var scores: [LossTerms] = []
    /// The step `scores` belong to.
    public var scoresStep = 0

    init(_ session: Session, id: ID) {
        self.id = id
        self.session = session
        snapshot = session.snapshot
        model = session.model
        path = session.path
    }

    /// Parameters of another step of this model are on show.
    mutating func show(_ snapshot: ParameterSnapshot) {
        self.snapshot = snapshot
        (model.step, model.epoch) = (snapshot.step, snapshot.epoch)
    }

    /// The data set is another one, or the parameters are: what was computed of them goes.
    mutating func forgetImages() {
        (codes, trainingCodes) = (nil, nil)
        (scores, scoresStep) = ([], 0)
    }

    /// A run begins: its parameters are another model's.
    mutating func begin(as id: ID) {
        self.id = id
        path = nil
        forgetImages()
    }
}
