import Drawing
import VAECore

/// A point of the latent space as a person writes it: a sum of places.
///
///     7            the mean code of class 7
///     m7           the code of the image of class 7 that is nearest to that mean
///     #12          the code of held-out image 12
///     . + 3 - 5    from the cursor, the way from the fives to the threes
///     0.5*a+0.5*b  halfway between the marks a and b
///     (1.2, -0.5)  the coordinates on the plane
enum LatentExpression {
    /// What the names stand for.
    struct Places {
        var cursor: [Float]
        var start: [Float]?
        var end: [Float]?
        var third: [Float]?
        /// Where the classes lie, if that is known.
        var classes: LatentCodes?
        /// The codes of the held-out images, if they are known.
        var images: LatentCodes?
        /// What a pair of coordinates lies on.
        var plane: Plane

        init(_ state: AppState) {
            let path = state.explore.path
            (cursor, start, end, third) = (state.explore.cursor, path.start, path.end, path.third)
            classes = state.classCodes
            images = state.shown.codes.flatMap { $0.latent == state.model.latent ? $0 : nil }
            plane = state.explore.plane.through(cursor)
        }
    }

    enum Result: Equatable {
        case point([Float])
        /// Why there is none, for the person.
        case problem(String)
    }

    static func evaluate(_ text: String, _ places: Places) -> Result {
        let letters = text.filter { !$0.isWhitespace }
        guard !letters.isEmpty else { return .problem("type a class such as 7, or a sum such as . + 3 - 5") }
        if letters.hasPrefix("(") || letters.contains(",") { return coordinates(letters, places) }
        var sum = [Float](repeating: 0, count: places.cursor.count)
        for term in terms(letters) {
            switch value(of: term.text, places) {
            case .problem(let reason): return .problem(reason)
            case .point(let z): for j in sum.indices { sum[j] += term.sign * z[j] }
            }
        }
        return .point(sum)
    }

    private static func coordinates(_ letters: String, _ places: Places) -> Result {
        let numbers = letters.filter { $0 != "(" && $0 != ")" }.split(separator: ",").map { Float($0) }
        guard numbers.count == 2, let across = numbers[0], let up = numbers[1], across.isFinite, up.isFinite else {
            return .problem("coordinates are two numbers: (1.2, -0.5)")
        }
        return .point(places.plane.point(across: across, up: up))
    }

    private static func terms(_ letters: String) -> [(sign: Float, text: String)] {
        var terms: [(sign: Float, text: String)] = [(1, "")]
        for letter in letters {
            if letter == "+" || letter == "-" {
                let sign: Float = letter == "-" ? -1 : 1
                // A sign before the first term, or doubled, belongs to the term that follows.
                if terms[terms.count - 1].text.isEmpty {
                    terms[terms.count - 1].sign *= sign
                } else {
                    terms.append((sign, ""))
                }
            } else {
                terms[terms.count - 1].text.append(letter)
            }
        }
        return terms
    }

    private static func value(of term: String, _ places: Places) -> Result {
        let factors = term.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        var scale: Float = 1
        if factors.count == 2 {
            guard let number = Float(factors[0]), number.isFinite else {
                return .problem("'\(term)': a factor is a number, as in 0.5*7")
            }
            scale = number
        }
        if term.isEmpty { return .problem("a place is missing after the last + or -") }
        guard factors.count <= 2, let name = factors.last, !name.isEmpty else { return noPlace(term) }
        switch place(name, places) {
        case .problem(let reason): return .problem(reason)
        case .point(let point): return .point(point.map { $0 * scale })
        }
    }

    private static func noPlace(_ text: String) -> Result {
        .problem("'\(text)' is no place: a class, m7, #12, a, b, c, . or (1.2, -0.5)")
    }

    private static func place(_ name: String, _ places: Places) -> Result {
        func marked(_ point: [Float]?, _ key: String) -> Result {
            point.map { .point($0) } ?? .problem("\(name) is not marked yet: press \(key) at a place first")
        }
        switch name {
        case ".": return .point(places.cursor)
        case "a": return marked(places.start, "a")
        case "b": return marked(places.end, "b")
        case "c": return marked(places.third, "A")
        default: break
        }
        if name.hasPrefix("#") { return image(String(name.dropFirst()), places) }
        let isMedoid = name.hasPrefix("m")
        guard let label = Int(isMedoid ? String(name.dropFirst()) : name) else { return noPlace(name) }
        guard let codes = places.classes, codes.labels != nil else { return .problem("class means need a data set with classes") }
        let point = isMedoid
            ? codes.classMedoids.first { $0.label == label }.map { codes.code($0.index) }
            : codes.classMeans.first { $0.label == label }?.mean
        return point.map { .point($0) } ?? .problem("there is no class \(label) in the data")
    }

    private static func image(_ number: String, _ places: Places) -> Result {
        guard let codes = places.images else { return .problem("images need a data set, encoded: it is not there yet") }
        guard let number = Int(number) else { return .problem("#\(number): an image is its number, as in #12") }
        guard (1...max(1, codes.count)).contains(number), codes.count > 0 else {
            return .problem("the held-out images are numbered 1 to \(codes.count)")
        }
        return .point(codes.code(number - 1))
    }
}
