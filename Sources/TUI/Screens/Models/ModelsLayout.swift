import Drawing
import VAECore

/// Where things are on the Models screen.
struct ModelsLayout {
    /// The list with its title; the chosen model's card beside it or below.
    let list: Rect
    let card: Rect
    /// What the chosen model draws, where there is room.
    let samples: SamplesLayout?

    init(_ state: AppState) {
        let body = Frame.body(state)
        let count = max(1, state.models.listings.count)
        if body.width >= 150 {
            let halves = body.split(columns: 88)
            // Long lists keep half of the rows.
            let parts = halves.left.split(rows: min(count + 1, body.height / 2))
            samples = SamplesLayout(parts.bottom.split(rows: 1).bottom)
            list = samples == nil ? halves.left : parts.top
            card = Rect(x: halves.right.x + 2, y: body.y, width: halves.right.width - 2, height: body.height)
        } else {
            // The card says most of what there is to say: the list takes what it needs of the rest.
            let cardRows = body.height >= 30 ? 17 : body.height >= 18 ? 11 : 4
            let parts = body.split(rows: min(count + 1, body.height - cardRows - 1))
            list = parts.top
            let below = parts.bottom.split(rows: 1).bottom
            let split = below.split(rows: Self.cardRows(state))
            samples = split.bottom.isEmpty ? nil : SamplesLayout(
                Rect(x: split.bottom.x + 1, y: split.bottom.y, width: split.bottom.width - 2, height: split.bottom.height))
            card = samples == nil ? below : split.top
        }
    }

    /// The lines of a card and a bar for each dimension, as far as they matter.
    private static func cardRows(_ state: AppState) -> Int {
        min(17, 12 + (state.models.current?.card?.configuration.latent ?? 0))
    }

    /// Rows of models that fit, below the title.
    private var rows: Int { max(0, list.height - 1) }

    /// The first line shown, so that the chosen one is.
    func first(_ models: ModelsState) -> Int {
        max(0, min(models.selected - rows / 2, models.listings.count - rows))
    }

    /// The line of the list under a cell of the screen.
    func line(atX x: Int, y: Int, _ models: ModelsState) -> Int? {
        guard list.contains(x, y), y > list.y else { return nil }
        let line = first(models) + y - list.y - 1
        return models.listings.indices.contains(line) ? line : nil
    }

    /// Right ends of the columns of the list; one that has no room is nil.
    struct Columns {
        var name: Range<Int>
        var architecture: Range<Int>?
        var data: Range<Int>?
        var loss: Int
        var epochs: Int?
        /// Room for `1234/5000+`.
        static let epochsWidth = 10

        init(_ list: Rect) {
            let end = list.maxX - 1
            let hasEpochs = list.width >= 60
            epochs = hasEpochs ? end : nil
            loss = hasEpochs ? end - Self.epochsWidth - 1 : end
            var left = loss - 11
            let start = list.x + 4
            if list.width >= 60 {
                data = left - 13..<left
                left -= 14
            }
            if list.width >= 74 {
                let wide = min(34, max(18, (left - start) / 2))
                architecture = left - wide..<left
                left -= wide + 1
            }
            name = start..<max(start, left)
        }
    }
}
