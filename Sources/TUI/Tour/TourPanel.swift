import Drawing

/// The panel of the tour, under the screen that it speaks of.
package struct TourPanel {
    let rect: Rect
    let title: String
    let keys: String
    /// The text in parts that fit, each of some lines.
    let pages: [[String]]

    /// Rows of the panel: as many as leave the screens what they need.
    package static func rows(_ state: AppState) -> Int {
        guard state.tour.isActive else { return 0 }
        let most = state.height >= 40 ? 7 : 6
        return max(2, min(most, state.height - Frame.leastHeight - 2))
    }

    init(_ state: AppState) {
        let tour = state.tour
        let rows = Self.rows(state)
        rect = Rect(x: 0, y: state.height - 1 - rows, width: state.width, height: rows)
        let language = tour.language
        let chapter = "\(tour.chapter + 1)/\(TourChapter.all.count)  \(language.text(tour.currentChapter.name))"
        let place = "\(tour.step + 1)/\(tour.currentChapter.steps.count)"
        title = fitting(state.width - 2, ["\(language.text("panel.title")) \(chapter)  (\(place))", "\(chapter)  (\(place))", chapter])
        pages = Self.pages(of: Self.text(state), tour.isLarge, width: state.width - 4, rows: rows - 1)
        let hasMore = tour.page + 1 < pages.count
        keys = Self.keys(state, hasMore: hasMore, room: state.width - 3 - Canvas.columns(of: title))
    }

    /// What is to be said now.
    private static func text(_ state: AppState) -> String {
        let (tour, language) = (state.tour, state.tour.language)
        let step = tour.current
        if tour.arrival != nil { return language.text("panel.loading", ["model": step.model ?? ""]) }
        if !step.isInPlace(state), !tour.isDone {
            return language.text(step.needsRun && !state.training.isActive ? "panel.norun" : "panel.elsewhere")
        }
        let part = tour.isDone && step.until != nil ? "said" : "do"
        let text = language.text(tour.currentChapter.key(step, part), tour.numbers)
        return state.capabilities.unicode ? text : inASCII(text)
    }

    /// Greek letters by their names, where there is no Unicode.
    private static func inASCII(_ text: String) -> String {
        [("μ", "mu"), ("σ", "sigma"), ("ε", "eps"), ("⊙", "*"), ("−", "-")].reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// What the keys do now, as far as there is room.
    private static func keys(_ state: AppState, hasMore: Bool, room: Int) -> String {
        let language = state.tour.language
        let goesOn = !hasMore && !Tour.takesSpace(state) ? [] : [language.text(state.tour.isDone || hasMore ? "panel.on" : "panel.wait")]
        let others = ["panel.back", "panel.chapters", "panel.leave"].map { language.text($0) }
        return fitting(
            room, (0...others.count).reversed().map { (goesOn + others.prefix($0)).joined(separator: "  ") } + [""])
    }

    /// The text in parts of `rows` lines, cut between sentences where that is possible; large, a sentence each.
    package static func pages(of text: String, _ isLarge: Bool, width: Int, rows: Int) -> [[String]] {
        var pages: [[String]] = []
        var page = ""
        for sentence in sentences(of: text) {
            let longer = page.isEmpty ? sentence : page + " " + sentence
            if !page.isEmpty, isLarge || wrapped(longer, width).count > rows {
                pages += wrapped(page, width).pieces(of: rows)
                page = sentence
            } else {
                page = longer
            }
        }
        if !page.isEmpty { pages += wrapped(page, width).pieces(of: rows) }
        return pages.isEmpty ? [[""]] : pages
    }

    /// A sentence ends with a full stop, a question mark or a colon before a space.
    private static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        for word in text.split(separator: " ") {
            sentence += sentence.isEmpty ? String(word) : " " + word
            if let last = word.last, ".?!".contains(last), !word.hasSuffix("eq.") {
                sentences.append(sentence)
                sentence = ""
            }
        }
        if !sentence.isEmpty { sentences.append(sentence) }
        return sentences
    }

    func draw(_ state: AppState, into canvas: inout Canvas) {
        let bar = rect.row(0)
        canvas.fill(rect, with: Cell(" "))
        canvas.fill(bar, with: Cell(" ", Theme.bar))
        // With two rows the text has the place of the title.
        canvas.text(title, x: 1, y: bar.y, Style(16, on: Theme.accent, .bold), clip: bar)
        canvas.text(keys, endingAt: bar.maxX - 1, y: bar.y, Theme.bar, clip: bar)
        let page = pages[min(state.tour.page, pages.count - 1)]
        let isStep = state.tour.arrival == nil
        let mark: Unicode.Scalar = !isStep ? " " : state.tour.isDone
            ? state.tour.current.until == nil ? " " : state.capabilities.glyph("✓", "*") : state.capabilities.glyph("▸", ">")
        let top = bar.y + 1 + (state.tour.isLarge ? max(0, (rect.height - 1 - page.count) / 2) : 0)
        canvas[1, top] = Cell(mark, Style(Theme.accent, on: nil, .bold))
        for (row, line) in page.enumerated() {
            canvas.text(line, x: 3, y: top + row, state.tour.isLarge ? .bold : .plain, clip: rect)
        }
        if state.tour.page + 1 < pages.count {
            canvas.text(state.capabilities.drawsUnicode ? "…" : "...", endingAt: rect.maxX, y: rect.maxY - 1, .bold, clip: rect)
        }
    }
}

extension Array {
    /// In pieces of `count`, the last maybe shorter.
    fileprivate func pieces(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: Swift.max(1, count)).map { Array(self[$0..<Swift.min(self.count, $0 + Swift.max(1, count))]) }
    }
}

/// The chapters, to choose one.
func drawChapters(selected: Int, _ state: AppState, into canvas: inout Canvas) {
    let language = state.tour.language
    let body = Frame.body(state)
    let rows = TourChapter.all.enumerated().map { n, chapter in
        (n == selected ? ">" : " ", "\(n + 1)  \(language.text(chapter.name))")
    }
    let offset = max(0, min(selected - (body.height - 2) / 2, rows.count - (body.height - 2)))
    KeyHelp(title: language.text("panel.choose"), rows, offset: offset).draw(into: &canvas, body, state.capabilities)
}
