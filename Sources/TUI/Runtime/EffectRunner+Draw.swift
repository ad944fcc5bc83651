import VAECore

extension EffectRunner {
    /// Does work for the Draw screen.
    func perform(_ work: DrawWork) -> AppAction? { nil }
}
