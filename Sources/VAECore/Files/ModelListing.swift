/// A model on disk as a list shows it: what its file says of itself, or why nothing can be said.
public struct ModelListing: Sendable, Equatable {
    /// Where it was found.
    public enum Place: Sendable, Equatable { case models, runs }

    /// What its file says.
    public enum Content: Sendable, Equatable {
        case model(ModelCard)
        /// It cannot be used; one line in plain words says why.
        case unreadable(String)
    }

    public var place: Place
    /// The name of its folder or file, safe to show.
    public var name: String
    /// The model's file.
    public var path: String
    /// The file's length; 0 where there is none.
    public var bytes: Int
    public var content: Content
    /// Losses on the held-out images after each epoch, nats per image, in the order of the run; empty without a record.
    public var curve: [EpochFigure]
    /// What the person should know of the run's record, such as that it ends in the middle of a line.
    public var notice: String?

    public init(
        place: Place, name: String, path: String, bytes: Int = 0, content: Content, curve: [EpochFigure] = [],
        notice: String? = nil
    ) {
        self.place = place
        self.name = name
        self.path = path
        self.bytes = bytes
        self.content = content
        self.curve = curve
        self.notice = notice
    }

    public var card: ModelCard? {
        if case .model(let card) = content { return card }
        return nil
    }

    /// Losses on the held-out images, nats per image: those stored with the model, else those after its last epoch.
    public var terms: LossTerms? { card?.record?.evaluation?.terms ?? curve.last?.test }
}

/// The losses after one epoch, nats per image.
public struct EpochFigure: Sendable, Equatable {
    /// From 1.
    public var epoch: Int
    /// On the held-out images.
    public var test: LossTerms

    public init(epoch: Int, test: LossTerms) {
        self.epoch = epoch
        self.test = test
    }
}
