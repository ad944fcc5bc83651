import Drawing

/// A point of the latent space as a person writes it: a sum of places.
///
///     7            the mean code of class 7
///     . + 3 - 5    from the cursor, the way from the fives to the threes
///     0.5*a+0.5*b  halfway between the marks a and b
///     (1.2, -0.5)  the two dimensions shown
enum LatentExpression {
    /// What the names stand for.
    struct Places {
        var cursor: [Float]
        var start: [Float]?
        var end: [Float]?
        var classMeans: [(label: Int, mean: [Float])]
        /// The dimensions a pair of coordinates sets.
        var dimensions: (across: Int, up: Int)
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
        var z = places.cursor
        z[places.dimensions.across] = across
        z[places.dimensions.up] = up
        return .point(z)
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
        guard factors.count <= 2, let name = factors.last, !name.isEmpty else {
            return .problem("'\(term)' is no place: a class, a, b, . or (1.2, -0.5)")
        }
        let point: [Float]?
        switch name {
        case ".": point = places.cursor
        case "a": point = places.start
        case "b": point = places.end
        default:
            guard let label = Int(name) else { return .problem("'\(name)' is no place: a class, a, b, . or (1.2, -0.5)") }
            point = places.classMeans.first { $0.label == label }?.mean
            if point == nil {
                return .problem(
                    places.classMeans.isEmpty
                        ? "class means need a data set with classes" : "there is no class \(label) in the data")
            }
        }
        guard let point else { return .problem("\(name) is not marked yet: press \(name) at a place first") }
        return .point(point.map { $0 * scale })
    }
}
