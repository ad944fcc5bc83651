import Drawing
import VAECore

/// What jobs compute with. Of one thread.
package final class Bench {
    private let workers: Workers?
    /// Whether anybody still wants what the job under way computes.
    let isWanted: () -> Bool
    /// Of the models on show and beside it, the newest last.
    private var inferences: [Inference] = []
    private var lastPlane: UnfinishedPlane?

    /// How long a plane may keep the keys waiting.
    private let patience: Duration

    /// - Parameter workers: who shares the work; nil for the calling thread alone.
    init(workers: Workers? = nil, patience: Duration = .seconds(3600), isWanted: @escaping () -> Bool = { true }) {
        self.workers = workers
        self.patience = patience
        self.isWanted = isWanted
    }

    /// What computes with these parameters.
    func inference(_ snapshot: ParameterSnapshot) -> Inference {
        if let known = inferences.first(where: { $0.snapshot === snapshot }) { return known }
        // Another step of a model takes over the memory of the one before.
        let before = inferences.firstIndex { $0.snapshot.network.configuration == snapshot.network.configuration }
        let new = Inference(snapshot, workers: workers, reusing: before.map { inferences[$0] })
        if let at = before ?? (inferences.count > 1 ? 0 : nil) { inferences.remove(at: at) }
        inferences.append(new)
        return new
    }

    func decode(_ z: [Float], label: Int?, _ snapshot: ParameterSnapshot) -> [Float] {
        let labels = label.map { [Int](repeating: $0, count: z.count / max(1, snapshot.network.latent)) }
        return inference(snapshot).decode(z, labels: labels)
    }

    // MARK: The plane

    /// A plane some of whose rows are decoded.
    private struct UnfinishedPlane {
        let snapshot: ParameterSnapshot
        let label: Int?
        var pictures: PlanePictures
        /// The rows to come, the next one last.
        var rowsLeft: [Int]
    }

    /// A plane's pictures, those nearest to a row first; of a slow model as many rows as there is time for. Asked again,
    /// it goes on, until the plane is whole; then it is at hand for as long as neither it nor the model moves.
    func plane(_ grid: LatentGrid, label: Int?, around middle: Int? = nil, _ snapshot: ParameterSnapshot) -> PlanePictures {
        let pixels = snapshot.network.pixels
        var plane: UnfinishedPlane
        if let last = lastPlane, last.pictures.grid == grid, last.label == label, last.snapshot === snapshot {
            plane = last
        } else {
            let blank = [Float](repeating: 0, count: grid.rows * grid.columns * pixels)
            let middle = middle ?? grid.rows / 2
            plane = UnfinishedPlane(
                snapshot: snapshot, label: label, pictures: PlanePictures(grid: grid, pictures: blank, step: snapshot.step),
                rowsLeft: (0..<grid.rows).sorted { (abs($0 - middle), $0) > (abs($1 - middle), $1) })
        }
        lastPlane = nil
        let began = ContinuousClock.now
        // A few rows at once give every worker some.
        while !plane.rowsLeft.isEmpty, ContinuousClock.now - began < patience {
            let rows = Array(plane.rowsLeft.suffix(4))
            plane.rowsLeft.removeLast(rows.count)
            let z = rows.flatMap { row in (0..<grid.columns).flatMap { grid.point(column: $0, row: row) } }
            let made = decode(z, label: label, snapshot)
            let size = grid.columns * pixels
            for (n, row) in rows.enumerated() {
                plane.pictures.pictures.replaceSubrange(row * size..<(row + 1) * size, with: made[n * size..<(n + 1) * size])
            }
        }
        plane.pictures.isWhole = plane.rowsLeft.isEmpty
        lastPlane = plane
        return plane.pictures
    }
}
