/// The memory in which one worker carries rows: the workspace, and scratch of its own for the layers.
struct Lane: Sendable {
    let work: Workspace
    let scratch: FloatBuffer

    /// - Parameter rows: the largest number of images carried at a time.
    fileprivate init(_ work: Workspace, rows: Int) {
        self.work = work
        scratch = FloatBuffer(count: work.network.scratchCount(rows: rows * work.samples))
    }
}

/// One lane per worker. Training, evaluation, inference and the importance-weighted bound all run in lanes.
struct Lanes: Sendable {
    /// Nil if only the calling thread works.
    private let workers: Workers?
    private let lanes: [Lane]

    /// Lanes over one batch: the workers carry different rows of one workspace.
    /// - Parameter rows: the largest number of images a worker carries at a time.
    init(sharing work: Workspace, _ workers: Workers, rows: Int) {
        self.workers = workers
        lanes = (0..<workers.count).map { _ in Lane(work, rows: rows) }
    }

    /// Lanes with a workspace each, for `capacity` images, forward only.
    init(_ network: Network, _ workers: Workers?, capacity: Int, samples: Int = 1) {
        self.workers = workers
        lanes = (0..<(workers?.count ?? 1)).map { _ in
            Lane(Workspace(network: network, capacity: capacity, samples: samples, gradients: false), rows: capacity)
        }
    }

    var count: Int { lanes.count }
    subscript(worker: Int) -> Lane { lanes[worker] }

    /// Cuts `rows` rows into chunks of `size`, and calls `body` for each chunk in the lane of the worker that claims it.
    /// Returns when all are done.
    func carry(
        _ rows: Int, by size: Int, _ parameters: PaddedFloats, _ body: @escaping (VAE, Range<Int>) -> Void
    ) {
        let carry = { [lanes] (chunk: Int, worker: Int) in
            body(VAE(parameters, lanes[worker]), chunk * size..<min(rows, (chunk + 1) * size))
        }
        let chunks = (rows + size - 1) / size
        if let workers {
            workers.run(chunks: chunks, carry)
        } else {
            for chunk in 0..<chunks { carry(chunk, 0) }
        }
    }
}

extension Network {
    /// The number of rows whose forward pass fits a worker's cache; between 8 and `most`.
    func rowsInCache(atMost most: Int) -> Int {
        let floats = (encoder + decoder).reduce(pixels) { $0 + $1.outputCount }
        return max(8, min(most, 640_000 / floats))
    }

    /// Floats of scratch that a worker needs for any layer on this many rows.
    func scratchCount(rows: Int) -> Int {
        (encoder + decoder).map { $0.scratchCount(rows: rows) }.max() ?? 0
    }
}
