import Drawing
import VAECore

/// A model that the screens show: what it is, its parameters at one step, and what has been computed of it.
package struct ModelSlot: Sendable {
    /// Tells models apart: each that is put on show or held beside has one of its own, and so has each run.
    package struct ID: Hashable, Sendable {
        let number: Int
    }

    package private(set) var id: ID
    package let session: Session
    /// The parameters on show.
    package var snapshot: ParameterSnapshot
    package var model: ModelState
    /// Its file; nil for one that has none.
    package var path: String?
    /// Where the held-out images lie in the latent space, once encoded.
    package var codes: LatentCodes?
    /// The same of the first training images.
    package var trainingCodes: LatentCodes?
    /// Its losses on each held-out image, once computed; by place in the set.
    package var scores: [LossTerms] = []
    /// The step `scores` belong to.
    package var scoresStep = 0

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

    /// The session with the parameters and figures that are on show now, such as those of a run.
    var asItStands: Session {
        var session = session
        (session.snapshot, session.path) = (snapshot, path)
        (session.evaluation, session.trainedOn) = (model.evaluation, model.trainedOn)
        return session
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
