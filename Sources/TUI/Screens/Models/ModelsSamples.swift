import Drawing
import VAECore

/// Pictures that a listed model draws from samples of the prior, so that one sees what it is before loading it.
package struct ModelSamples: Sendable, Equatable {
    /// The file of the model, and its size: another size is another model.
    var path: String
    var bytes: Int
    var shape: ImageShape
    /// (count, pixels); empty if the file cannot be read.
    package var pictures: [Float]

    /// How many: enough for the largest screen's room.
    package static let count = 60

    package init(path: String, bytes: Int, shape: ImageShape, pictures: [Float]) {
        self.path = path
        self.bytes = bytes
        self.shape = shape
        self.pictures = pictures
    }

    package func isOf(_ listing: ModelListing) -> Bool { path == listing.path && bytes == listing.bytes }
}

/// Draws the samples of a listed model. A conditional model draws each class in turn.
package struct DrawSamples: Job {
    package var session: Session
    package var listing: ModelListing

    package var policy: JobPolicy { .once() }

    package func run(on bench: Bench) -> ModelSamples? {
        var samples = ModelSamples(path: listing.path, bytes: listing.bytes, shape: .mnist, pictures: [])
        guard let snapshot = try? session.open(listing).snapshot else { return samples }
        let network = snapshot.network
        var random = RandomStream(seed: 1, purpose: .prior)
        let classes = network.classLabels
        let labels = classes.isEmpty ? nil : (0..<ModelSamples.count).map { classes[$0 % classes.count] }
        samples.shape = network.configuration.image
        // Not on the bench: it would forget the models on show.
        samples.pictures = Inference(snapshot).decode(random.normals(ModelSamples.count * network.latent), labels: labels)
        return samples
    }

    package func finish(_ samples: ModelSamples, _ state: inout AppState) -> [Effect] {
        state.models.samples = samples
        return state.screen == .models ? refresh(state) : []
    }

    package static func == (a: DrawSamples, b: DrawSamples) -> Bool { a.listing == b.listing }
}

/// Where the samples are drawn: rows of tiles below a title.
struct SamplesLayout {
    let rect: Rect
    let tile = (columns: 14, rows: 7)
    let across, down: Int

    /// - Returns: nil where there is no room for a row.
    init?(_ rect: Rect) {
        self.rect = rect
        across = (rect.width + 1) / (tile.columns + 1)
        down = min((rect.height - 1) / tile.rows, across > 0 ? ModelSamples.count / across : 0)
        guard across >= 2, down >= 1 else { return nil }
    }
}

func drawSamples(_ state: AppState, _ listing: ModelListing, _ layout: SamplesLayout, into canvas: inout Canvas) {
    let rect = layout.rect
    guard let samples = state.models.samples, samples.isOf(listing) else { return }
    let count = samples.shape.count
    guard samples.shape.isDrawable, samples.pictures.count >= layout.across * layout.down * count else { return }
    let isDeterministic = listing.card?.configuration.isDeterministic == true
    let texts = isDeterministic
        ? ["random z, drawn: a plain autoencoder was never taught what lies between its codes", "random z, drawn"]
        : ["samples: z drawn from the prior, and the picture of each", "samples: z from the prior", "samples"]
    canvas.text(fitting(rect.width, texts), x: rect.x, y: rect.y, .dim, clip: rect)
    let rows = (0..<layout.down).map { row in
        Array(samples.pictures[row * layout.across * count..<(row + 1) * layout.across * count])
    }
    PictureRows(rows: rows, count: layout.across, shape: samples.shape, tile: layout.tile)
        .draw(into: &canvas, x: rect.x, y: rect.y + 1, state.capabilities)
}
