import Drawing
import VAECore

// What a run that another process trains has told.

/// Curves grow, and a model that has landed is put on show.
func received(_ news: RunNews, _ state: inout AppState) -> [Effect] {
    guard var followed = state.training.followed else { return [] }
    followed.take(news)
    state.training.followed = followed
    state.training.curves = followed.curves
    if let notice = news.notices.last { state.message = .init(text: "\(followed.name): \(notice)", isError: true) }
    return news.model.map { landed($0, &state) } ?? []
}

/// A model that the run has written.
private func landed(_ landed: RunNews.LandedModel, _ state: inout AppState) -> [Effect] {
    guard let following = state.shown.session.following else { return [] }
    let isFirst = state.training.followed?.modelFile == nil
    let snapshot = landed.model.snapshot
    state.training.followed?.modelFile = landed.path
    guard isFirst || snapshot.network.configuration != state.shown.snapshot.network.configuration else {
        state.shown.path = landed.path
        if let evaluation = landed.model.record?.evaluation { changeHome(&state) { $0.learn(from: evaluation) } }
        return arrived(snapshot, &state)
    }
    do {
        var session = try following.open(landed)
        session.following = following
        return replaceModel(session, &state)
    } catch {
        state.training.followed?.modelFile = isFirst ? nil : state.shown.path
        state.message = .init(text: "\(error)", isError: true)
        return []
    }
}

/// Puts a model of another architecture, or the first one, on show. The run stays followed.
private func replaceModel(_ session: Session, _ state: inout AppState) -> [Effect] {
    let training = state.training
    let keepsData = state.data.dataset.map { session.takes($0.test) && session.keepsData($0) } ?? false
    let shape = state.model.shape
    state.shown = ModelSlot(session, id: state.newID())
    forget(.model(shape: shape != state.model.shape, keepsData: keepsData), &state)
    (state.training.followed, state.training.curves, state.training.view) = (training.followed, training.curves, training.view)
    (state.training.cursor, state.training.held) = (training.cursor, training.held)
    if !keepsData { state.data = .loading }
    if state.beside?.model.shape != state.model.shape { state.beside = nil }
    if let assumption = session.assumption { state.message = .init(text: assumption) }
    state.training.past.remember(session.snapshot)
    return (keepsData ? [] : [.job(LoadData(session: session))]) + refresh(state)
}
