import Drawing
import PlainText
import VAECore

// What is drawn of a run that another process trains, beside its curves.

/// Its last values; what its series were taken for.
func followedLines(_ followed: Followed, _ height: Int, _ width: Int) -> [(String, Style)] {
    func values(_ name: String, _ tags: [CurveTags.Term: String]) -> String? {
        let parts = CurveTags.Term.allCases.compactMap { term -> String? in
            guard let value = tags[term].flatMap({ followed.series[$0]?.last }) else { return nil }
            return "\(term.rawValue) \(nats(value))"
        }
        return parts.isEmpty ? nil : "\(name) \(parts.joined(separator: "   "))"
    }
    let lines = [values("train", followed.tags.train), values("test ", followed.tags.test)].compactMap { $0 }
    let guess = taken(followed, width)
    if lines.isEmpty {
        let text = followed.series.isEmpty ? "no values yet" : "no series is called like a loss: o lists all \(followed.series.count)"
        return [(text, .plain)]
    }
    return Array((lines.map { ($0, Style.plain) } + [(guess, .dim)]).prefix(height))
}

/// Which series were taken for what.
private func taken(_ followed: Followed, _ width: Int) -> String {
    let parts = CurveTags.Term.allCases.compactMap { term in
        (followed.tags.train[term] ?? followed.tags.test[term]).map { "\(term.rawValue) is \(sanitize($0, limit: 60))" }
    }
    let all = parts.joined(separator: ", ")
    return fitting(width, ["\(all) (by their names; o changes it)", "\(all) (o: change)", all, "o: what is drawn as what"])
}

/// How long ago it was written to; nil while it writes, or while what it has written is being read.
func silenceText(_ followed: Followed) -> String? {
    if followed.isCatchingUp { return nil }
    if followed.hasEnded { return "its process has ended" }
    return followed.silence.map { "nothing written for \(length($0))" }
}

/// A length of time in words: `12 s`, `3 min`, `2 h 5 min`.
private func length(_ seconds: Int) -> String {
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    return minutes < 60 ? "\(minutes) min" : minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
}

/// How far it has come, and whether it still writes.
func drawFollowedGauge(_ followed: Followed, _ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let step = followed.step ?? 0
    let total = followed.about?.steps
    let steps = total.map { "step \(step) of \($0)" } ?? "step \(step)"
    let how = silenceText(followed) ?? (followed.isCatchingUp ? "reading" : "writing")
    let model = followed.modelFile == nil ? "no model file yet" : "pictures of step \(state.model.step)"
    let text = fitting(rect.width - 12, ["\(steps)  \(how)  \(model)", "\(steps)  \(how)", steps])
    if let total, total > 0 {
        Gauge(Double(step) / Double(total), text: text).draw(into: &canvas, rect.inset(1, 0), state.capabilities)
    } else {
        canvas.text(text, x: rect.x + 1, y: rect.y, clip: rect.inset(1, 0))
    }
}

/// The state of a followed run for the header, the longest wording first.
func followedStatus(_ followed: Followed, _ state: AppState) -> [String] {
    let step = "step \(followed.step ?? 0)"
    let pictures = followed.modelFile != nil && followed.step != state.model.step ? "  pictures of \(state.model.step)" : ""
    let how = silenceText(followed) ?? "followed"
    let name = sanitize(followed.name, limit: 40)
    return ["\(name)  \(how)  \(step)\(pictures)", "\(how)  \(step)\(pictures)", "\(step)\(pictures)", step]
}

/// Every series, to choose what is drawn.
func drawSeries(selected: Int, _ state: AppState, into canvas: inout Canvas) {
    guard let followed = state.training.followed else { return }
    let body = Frame.body(state)
    let rows = followed.names.enumerated().map { n, name -> (String, String) in
        let value = followed.series[name]?.last.map { NumberText.plain($0) } ?? ""
        let term = followed.tags.term(of: name).map { "  [\($0.rawValue)]" } ?? ""
        return (n == selected ? ">" : " ", "\(sanitize(name, limit: 60))  \(value)\(term)")
    }
    let keys = [("1 2 3", "draw as loss, reconstruction, KL"), ("0", "as none of them"), ("Enter", "draw it alone"), ("Esc", "back")]
    let room = max(1, body.height - 2 - keys.count)
    let offset = max(0, min(selected - room / 2, rows.count - room))
    KeyHelp(title: "Series", Array(rows.dropFirst(offset).prefix(room)) + keys)
        .draw(into: &canvas, body, state.capabilities)
}
