/// A language the tour is written in. A new one is a table of texts and a row here.
package struct TourLanguage: Sendable, Equatable {
    /// As `--language` and locales have it: `en`.
    package let code: String
    /// What it calls itself.
    package let name: String
    /// The texts by their names; see `TourStep`.
    package let texts: [String: String]
    /// Whether it can be written in ASCII.
    package let isASCII: Bool

    package static let all: [TourLanguage] = [.english, .korean]

    /// The language of a locale such as `ko_KR.UTF-8`; English for one that there are no texts in.
    package static func of(locale: String) -> TourLanguage {
        all.first { locale.lowercased().hasPrefix($0.code) } ?? .english
    }

    /// The text under a name, with numbers for `{names}`.
    package func text(_ name: String, _ numbers: [String: String] = [:]) -> String {
        var text = texts[name] ?? name
        for (name, value) in numbers { text = text.replacing("{\(name)}", with: value) }
        return text
    }

    package static func == (a: TourLanguage, b: TourLanguage) -> Bool { a.code == b.code }
}
