import Drawing
import VAECore

/// Whether there is a KL of each dimension to show, now or as soon as there is a step.
func hasKL(_ state: AppState) -> Bool {
    if let run = state.training.run { return !run.isDeterministic }
    return !state.model.klPerDimension.isEmpty && !state.model.isDeterministic
}

/// Inactive dimensions: the encoder gives every image the same code there, so they carry nothing about it.
struct Collapse {
    /// The inactive dimensions, from 0.
    let inactive: [Int]
    private let remedy: String
    /// Steps within which a model may well begin to use its code.
    private static let early = 300

    /// What the last epoch's evaluation says; nil while all is well, before there is one, and for a plain autoencoder.
    init?(_ state: AppState) {
        guard let run = state.training.run, let last = run.lastEpoch, !run.isDeterministic else { return nil }
        let test = last.test
        // At first no model uses its code: only a dimension that was active has collapsed as early as that.
        let isEarly = last.step < Self.early && !run.state.isOver
        let earlier = isEarly ? state.training.epochs.map(\.test.meanVariance) : []
        inactive = test.meanVariance.indices.filter { j in
            test.meanVariance[j] <= Evaluation.activeThreshold
                && (!isEarly || earlier.contains { $0.indices.contains(j) && $0[j] > Evaluation.activeThreshold })
        }
        // Far above where it began the loss has diverged: what the codes say then is no collapse.
        let isFarAbove = run.firstLoss.map { test.terms.negativeELBO > 2 * max(abs($0), 1) } ?? false
        guard !inactive.isEmpty, run.divergence == nil, !isFarAbove else { return nil }
        remedy = Self.remedy(run)
    }

    /// What is still to be tried.
    private static func remedy(_ run: TrainState.Run) -> String {
        let takesBits = run.freeBits != nil
        if run.state.isOver { return "train with a lower beta" + (takesBits ? " or with free bits" : "") }
        let lower = run.beta > 0 ? ["lower beta (<)"] : []
        let free = takesBits && run.freeBits != TrainScreen.freeBitSteps.last ? ["add free bits (f)"] : []
        return (lower + free).isEmpty ? "restart (r)" : (lower + free).joined(separator: " or ")
    }

    /// The warning in at most so many columns, naming as many dimensions as there is room for.
    func text(_ width: Int) -> String {
        let (they, code) = inactive.count == 1 ? ("is", "its code is") : ("are", "their codes are")
        let wordings: [(String) -> String] = [
            { "posterior collapse: \($0) \(they) inactive (\(code) the same for every image); \(remedy)" },
            { "posterior collapse: \($0) \(they) inactive; \(remedy)" },
            { "collapsed: \($0); \(remedy)" },
            { "inactive: \($0)" },
        ]
        for least in [2, 1] {
            for wording in wordings {
                for count in [8, 6, 4, 3, 2, 1] where count >= min(least, inactive.count) {
                    let text = wording(names(count))
                    if text.count <= width { return text }
                }
            }
        }
        return wordings[3](names(1))
    }

    /// `z3`, `z3 and z7`, `z3, z7 and 12 more`.
    private func names(_ count: Int) -> String {
        let all = inactive.map { "z\($0 + 1)" }
        if inactive.count <= count {
            return all.count == 1 ? all[0] : all.dropLast().joined(separator: ", ") + " and " + all[all.count - 1]
        }
        return all.prefix(count).joined(separator: ", ") + " and \(inactive.count - count) more"
    }
}

/// The active dimensions, the most informative first: `14/20 active: z3 z7 …`, in at most so many columns.
func activeText(_ state: AppState, _ test: Evaluation, width: Int) -> String {
    let active = state.model.dimensionOrder.filter { state.model.isActive($0) == true }
    let count = "\(test.activeUnits)/\(state.model.latent) active"
    guard !active.isEmpty else { return count }
    for shown in stride(from: min(active.count, 64), to: 0, by: -1) {
        let rest = active.count > shown ? " + \(active.count - shown) more" : ""
        let text = count + ": " + active.prefix(shown).map { "z\($0 + 1)" }.joined(separator: " ") + rest
        if text.count <= width { return text }
    }
    return count
}

/// What a full bar of KL stands for: a nat at least, for less tells hardly anything about an image.
func fullBar(_ kl: [Double]) -> Double { max(1, kl.filter(\.isFinite).max() ?? 0) }

/// A bar for each dimension's KL, the most informative first; by number while they change, if all have room.
func drawKL(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let evaluation = state.model.evaluation
    let live = state.training.klPerDimension
    let isOver = state.training.run?.state.isOver ?? true
    let usesLive = state.training.run != nil && live.count == state.model.latent && !(isOver && state.training.run?.lastEpoch?.step == state.model.step)
    let kl = usesLive ? live : evaluation?.klPerDimension ?? []
    let titles = usesLive
        ? ["KL per dimension, nats, last batch", "KL per dimension, nats", "KL, nats"]
        : ["KL per dimension, nats, held-out images", "KL per dimension, nats", "KL, nats"]
    let title = titles.first { $0.count <= rect.width } ?? ""
    canvas.text(title, x: rect.x, y: rect.y, .dim, clip: rect)
    guard kl.count == state.model.latent else {
        canvas.text("after the first step", x: rect.x, y: rect.y + 1, .dim, clip: rect)
        return
    }
    let below = rect.split(rows: 1).bottom
    let isSteady = usesLive && (evaluation == nil || Bars.fit(kl.count, in: below))
    let order = isSteady ? Array(kl.indices) : state.model.dimensionOrder
    let bars = order.map { j -> Bar in
        guard let isActive = state.model.isActive(j) else { return Bar("z\(j + 1)", kl[j]) }
        return Bar("z\(j + 1)", kl[j], color: isActive ? 118 : 245, note: isActive ? "active" : "inactive")
    }
    Bars(bars, maximum: fullBar(kl)).draw(into: &canvas, below, state.capabilities)
}
