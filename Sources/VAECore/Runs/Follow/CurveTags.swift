/// Which series of a run are its loss and the two terms of it: guessed from their names, and changed by the person.
package struct CurveTags: Sendable, Equatable {
    /// A term of the loss.
    package enum Term: String, Sendable, CaseIterable {
        /// The negative ELBO, or whatever was minimised.
        case loss
        case reconstruction
        case kl = "KL"
    }

    /// The series of each term, on the training images and on the held-out ones.
    package private(set) var train: [Term: String] = [:]
    package private(set) var test: [Term: String] = [:]
    /// Terms that a person has chosen, which are not guessed any more.
    private var chosen: Set<Choice> = []

    private struct Choice: Hashable {
        var term: Term
        var isTest: Bool
    }

    /// No series yet.
    package init() {}

    /// The terms that a series is shown as.
    package func term(of series: String) -> Term? {
        Term.allCases.first { train[$0] == series || test[$0] == series }
    }

    /// Shows a series as a term: among the held-out images' if its name says so.
    package mutating func choose(_ series: String, as term: Term) {
        let isTest = Name(series).isTest
        drop(series)
        if isTest { test[term] = series } else { train[term] = series }
        chosen.insert(Choice(term: term, isTest: isTest))
    }

    /// No longer shows a series as a term.
    package mutating func drop(_ series: String) {
        for term in Term.allCases {
            if train[term] == series { (train[term], _) = (nil, chosen.insert(Choice(term: term, isTest: false))) }
            if test[term] == series { (test[term], _) = (nil, chosen.insert(Choice(term: term, isTest: true))) }
        }
    }

    /// Guesses the terms that nobody has chosen.
    /// - Parameter series: every series there is.
    package mutating func guess(from series: [String]) {
        let names = series.map(Name.init)
        for term in Term.allCases {
            for isTest in [false, true] where !chosen.contains(Choice(term: term, isTest: isTest)) {
                let best = names.filter { $0.isTest == isTest && $0.term == term }
                    .min { $0.rank(isTest: isTest) < $1.rank(isTest: isTest) }?.text
                if isTest { test[term] = best } else { train[term] = best }
            }
        }
    }
}

/// What the name of a series tells.
private struct Name {
    let text: String
    /// Its words in lower case: `val/Loss_step` has three.
    private let words: [Substring]

    init(_ text: String) {
        self.text = text
        var spaced = ""
        for (before, character) in zip([" "] + Array(text), text) {
            // A capital after a small letter begins a word: `klLoss`.
            if before.isLowercase, character.isUppercase { spaced.append(" ") }
            spaced.append(character.isLetter || character.isNumber ? Character(character.lowercased()) : " ")
        }
        words = spaced.split(separator: " ")
    }

    private func has(_ some: Set<Substring>) -> Bool { words.contains { some.contains($0) } }

    /// Whether it is of the held-out images.
    var isTest: Bool { has(["val", "valid", "validation", "test", "eval", "evaluation", "dev", "heldout"]) }

    /// What it is of the loss; nil for anything else.
    var term: CurveTags.Term? {
        // How strongly something weighs is no term.
        if has(["beta", "weight", "weights", "lr", "rate", "annealing", "coefficient", "dimension", "dimensions", "active"]) {
            return nil
        }
        if has(["kl", "kld", "kldiv", "divergence", "dkl"]) || words.contains(where: { $0.hasPrefix("kullback") }) { return .kl }
        if words.contains(where: { $0.hasPrefix("recon") }) || has(["rec", "bce", "mse", "nll", "likelihood", "distortion"]) {
            return .reconstruction
        }
        if has(["elbo", "nelbo", "loss", "objective", "cost"]) { return .loss }
        return nil
    }

    /// The lower, the rather it is meant: the negative ELBO before any other loss, values of steps before means of an
    /// epoch while training, the other way round on held-out images, short names before long ones.
    func rank(isTest: Bool) -> (Int, Int, Int, String) {
        let isBound = has(["elbo", "nelbo"]) ? 0 : 1
        let isOfEpoch = has(["epoch"])
        return (isBound, isOfEpoch == isTest ? 0 : 1, words.count, text)
    }
}
