import Drawing
import VAECore

// Places where classes and images lie: their means, their medoids, an image by its number.

extension ExploreScreen {
    /// The next class whose mean the cursor goes to: after the one it is at.
    static func classMean(by: Int, _ state: inout AppState) {
        let means = state.classCodes?.classMeans ?? []
        guard let label = goToClass(by: by, means.map { ($0.label, $0.mean) }, &state) else { return }
        // A mean is no image's code: what lies there may be something else, in many dimensions as in two.
        let others = nearestOther(than: label, state)
        let warning = others.map { "; the images nearest to it are mostly \($0): u goes to a typical \(label)" } ?? ""
        state.message = .init(text: "mean code of class \(state.className(label))\(warning)")
    }

    /// The next class whose medoid the cursor goes to: the code of an image there is.
    static func classMedoid(by: Int, _ state: inout AppState) {
        guard let codes = state.classCodes else {
            state.message = .init(text: whyNoCodes(state, "medoids"))
            return
        }
        let medoids = codes.classMedoids
        guard let label = goToClass(by: by, medoids.map { ($0.label, codes.code($0.index)) }, &state),
            let medoid = medoids.first(where: { $0.label == label })
        else { return }
        let kind = codes == state.shown.trainingCodes ? "training" : "held-out"
        state.message = .init(
            text: "medoid of class \(state.className(label)): \(kind) image \(medoid.index + 1), the one nearest to the mean of its class")
    }

    /// - Returns: the class; nil where there is none, which is said.
    private static func goToClass(
        by: Int, _ places: [(label: Int, z: [Float])], _ state: inout AppState
    ) -> Int? {
        guard !places.isEmpty else {
            state.message = .init(text: whyNoCodes(state, "class means"))
            return nil
        }
        let here = places.firstIndex { distance($0.z, state.explore.cursor) < 1e-3 }
        let next = here.map { ($0 + by + places.count) % places.count } ?? (by > 0 ? 0 : places.count - 1)
        stopGoing(&state)
        go(to: places[next].z, &state)
        return places[next].label
    }

    /// The class of most of the ten images nearest to the cursor, if it is another.
    private static func nearestOther(than label: Int, _ state: AppState) -> Int? {
        guard let codes = state.classCodes, let labels = codes.labels else { return nil }
        var counts: [Int: Int] = [:]
        for one in codes.nearest(to: state.explore.cursor, count: 10) { counts[Int(labels[one.index]), default: 0] += 1 }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return most.flatMap { $0.key != label && $0.value > counts[label] ?? 0 ? $0.key : nil }
    }
}

extension AppState {
    /// The codes that say where the classes lie: the training images', or the held-out ones' until those are encoded.
    var classCodes: LatentCodes? {
        (shown.trainingCodes ?? shown.codes).flatMap { $0.latent == model.latent ? $0 : nil }
    }
}

/// Why there is nothing yet that is found from the codes of images.
/// - Parameter what: what is to be found: "class means".
func whyNoCodes(_ state: AppState, _ what: String) -> String {
    switch state.data {
    case .missing: "\(what) need a data set"
    case .loading: "the data set is loading"
    case .ready(let dataset):
        what.hasPrefix("principal") || dataset.test.labels != nil ? "the images are being encoded" : "this data set has no classes"
    }
}

/// Of a place that was typed as an image alone, says which image it is.
func sayImage(_ text: String, _ state: inout AppState) {
    let letters = text.filter { !$0.isWhitespace }
    guard state.message == nil, letters.hasPrefix("#"), let number = Int(letters.dropFirst()), let codes = state.shown.codes,
        (1...codes.count).contains(number)
    else { return }
    let label = codes.labels.map { ", class \(state.className(Int($0[number - 1])))" } ?? ""
    let step = codes.step == state.model.step ? "" : ", as encoded at step \(codes.step)"
    state.message = .init(text: "held-out image \(number)\(label), at its code\(step)")
}

/// The Euclidean distance of two points of a latent space (latent each).
func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

extension AppState {
    /// A class as people call it: its label, and its name where the data has one.
    func className(_ label: Int) -> String { data.dataset?.className(label) ?? "\(label)" }
}
