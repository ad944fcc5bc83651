import Drawing
import VAECore

/// What jobs compute with. Of one thread.
package final class Bench {
    private let workers: Workers?
    /// Whether anybody still wants what the job under way computes.
    let isWanted: () -> Bool
    /// Of the models on show and beside it, the newest last.
    private var inferences: [Inference] = []
    /// Those of the model on show and of the one beside it, the newest last.
    private var planes: [UnfinishedPlane] = []

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
    func plane(_ plane: Plane, label: Int?, around middle: Int? = nil, _ snapshot: ParameterSnapshot) -> PlanePictures {
        let pixels = snapshot.network.pixels
        var work: UnfinishedPlane
        if let at = planes.firstIndex(where: { $0.pictures.plane == plane && $0.label == label && $0.snapshot === snapshot }) {
            work = planes.remove(at: at)
        } else {
            if planes.count > 1 { planes.removeFirst() }
            let blank = [Float](repeating: 0, count: plane.rows * plane.columns * pixels)
            let middle = middle ?? plane.rows / 2
            work = UnfinishedPlane(
                snapshot: snapshot, label: label, pictures: PlanePictures(plane: plane, pictures: blank, step: snapshot.step),
                rowsLeft: (0..<plane.rows).sorted { (abs($0 - middle), $0) > (abs($1 - middle), $1) })
        }
        let began = ContinuousClock.now
        // A few rows at once give every worker some.
        while !work.rowsLeft.isEmpty, ContinuousClock.now - began < patience {
            let rows = Array(work.rowsLeft.suffix(4))
            work.rowsLeft.removeLast(rows.count)
            let z = rows.flatMap { row in (0..<plane.columns).flatMap { plane.point(column: $0, row: row) } }
            let made = decode(z, label: label, snapshot)
            let size = plane.columns * pixels
            for (n, row) in rows.enumerated() {
                work.pictures.pictures.replaceSubrange(row * size..<(row + 1) * size, with: made[n * size..<(n + 1) * size])
            }
        }
        work.pictures.isWhole = work.rowsLeft.isEmpty
        planes.append(work)
        return work.pictures
    }
}
