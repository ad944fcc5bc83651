import Foundation

/// A model on disk, as a list shows it.
package struct ModelListing: Sendable, Equatable {
    /// Where it was found.
    package enum Place: Sendable, Equatable { case models, runs }

    /// What its file contains.
    package enum Content: Sendable, Equatable {
        case model(ModelCard)
        /// Nothing usable, for the reason given in one line.
        case unreadable(String)
    }

    package var place: Place
    /// The name of its folder or file, safe to show.
    package var name: String
    /// The path of its file.
    package var path: String
    /// The size of the file; 0 if there is none.
    package var bytes: Int
    package var content: Content
    /// Losses on the held-out images after each epoch in nats per image, in order; empty without a record.
    package var curve: [EpochFigure]
    /// The run that made it, if its folder is one.
    package var run: RunListing?
    /// What the user should know about the record of the run, such as that it ends in the middle of a line.
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

    /// Whether another process is training it now.
    package var isWritten: Bool {
        guard case .running(let process, _)? = run?.state else { return false }
        return process != getpid()
    }

    /// Whether its training can be continued now.
    package var canContinue: Bool { run?.canResume == true && !isWritten }

    /// Losses on the held-out images in nats per image: those stored with the model, or else those of its last epoch.
    package var terms: LossTerms? { card?.record?.evaluation?.terms ?? curve.last?.test }
}

/// The losses after one epoch, in nats per image.
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
