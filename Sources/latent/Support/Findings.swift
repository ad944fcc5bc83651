import PlainText

/// A page of facts in sections, as text or as JSON.
struct Findings: Encodable {
    enum Value: Encodable {
        case text(String), number(Int), flag(Bool), list([String])

        /// As a person reads it.
        var description: String {
            switch self {
            case .text(let text): text.isEmpty ? "-" : text
            case .number(let number): "\(number)"
            case .flag(let flag): flag ? "yes" : "no"
            case .list(let list): list.isEmpty ? "none" : list.joined(separator: ", ")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .list(let list): try container.encode(list)
            }
        }
    }

    struct Section {
        var title: String
        var rows: [(name: String, value: Value)]
    }

    var sections: [Section]

    /// One line a row; lists that are long have a line for each entry.
    var lines: [String] {
        sections.flatMap { section in
            [section.title]
                + section.rows.flatMap { name, value in
                    let label = "  " + name.padding(toLength: 22, withPad: " ", startingAt: 0)
                    guard case .list(let list) = value, value.description.count > 80 else { return [label + value.description] }
                    return list.enumerated().map { $0 == 0 ? label + $1 : String(repeating: " ", count: label.count) + $1 }
                }
        }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        /// Words of a title as a name in JSON.
        init(_ title: String) { stringValue = title.lowercased().split(separator: " ").joined(separator: "_") }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var page = encoder.container(keyedBy: Key.self)
        for section in sections {
            var rows = page.nestedContainer(keyedBy: Key.self, forKey: Key(section.title))
            for (name, value) in section.rows { try rows.encode(value, forKey: Key(name)) }
        }
    }
}
