import Drawing
import VAECore

// How the latent space is looked at.

extension ExploreScreen {
    /// The next of the things that may lie on the plane.
    static func nextLayer(_ state: inout AppState) {
        state.explore.layer = state.explore.layer.next
        if state.explore.layer.feature.needsData, case .missing(let reason) = state.data {
            state.message = .init(text: reason, isError: true)
        }
    }

    /// The large picture as the uncertainty of its pixels, or as their means.
    static func toggleEntropy(_ state: inout AppState) {
        state.explore.showsEntropy.toggle()
        let isOn = state.explore.showsEntropy
        if ExploreLayout(state).side.isEmpty {
            state.message = .init(text: "the large picture, which shows \(isOn ? "the uncertainty of each pixel" : "each pixel's mean"), needs a wider screen")
        } else {
            state.message = .init(text: isOn ? "uncertainty of each pixel: dark 0 bits, bright 1 bit" : "each pixel's mean")
        }
    }

    static func otherSpacing(_ state: inout AppState) {
        guard !state.explore.layer.feature.hasRows else {
            state.message = .init(text: "rows always go in equal steps of z; i works on the plane (v)")
            return
        }
        state.explore.spacing = state.explore.spacing == .linear ? .quantile : .linear
        (state.explore.plane.center, state.explore.plane.reach) = state.explore.home(state.model)
        if state.explore.spacing == .linear { follow(&state) }
        let whole = state.model.codes == nil ? "the prior" : "the codes, as a Gaussian"
        state.message = .init(
            text: state.explore.spacing == .linear
                ? "equal steps in z" : "equal steps in probability: each picture covers the same share of \(whole)")
    }
}
