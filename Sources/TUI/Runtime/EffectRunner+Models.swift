import VAECore

extension EffectRunner {
    /// Does work for the Models screen.
    func perform(_ work: ModelsWork) -> AppAction? { nil }
}
