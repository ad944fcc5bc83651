/// A model on disk as a list shows it: what its file says of itself, or why nothing can be said.
package struct ModelListing: Sendable, Equatable {
    /// Where it was found.
    package enum Place: Sendable, Equatable { case models, runs }

    /// What its file says.
    package enum Content: Sendable, Equatable {
        case model(ModelCard)
        /// It cannot be used; one line in plain words says why.
        case unreadable(String)
    }

    package var place: Place
    /// The name of its folder or file, safe to show.
    package var name: String
    /// The model's file.
    package var path: String
    /// The file's length; 0 where there is none.
    package var bytes: Int
    package var content: Content
    /// Losses on the held-out images after each epoch, nats per image, in the order of the run; empty without a record.
    package var curve: [EpochFigure]
    /// What the person should know of the run's record, such as that it ends in the middle of a line.
    package var notice: String?

    package init(
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

    package var card: ModelCard? {
        if case .model(let card) = content { return card }
        return nil
    }

    /// Losses on the held-out images, nats per image: those stored with the model, else those after its last epoch.
    package var terms: LossTerms? { card?.record?.evaluation?.terms ?? curve.last?.test }
}

/// The losses after one epoch, nats per image.
package struct EpochFigure: Sendable, Equatable {
    /// From 1.
    package var epoch: Int
    /// On the held-out images.
    package var test: LossTerms

    package init(epoch: Int, test: LossTerms) {
        self.epoch = epoch
        self.test = test
    }
}
