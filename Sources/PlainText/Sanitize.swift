/// Returns `text` with everything a terminal could act on made visible or removed, on one line.
///
/// Control characters (C0, DEL, C1) and line separators become `·`; the bidirectional controls, zero-width
/// and other format characters, which reorder or hide text, are dropped. Every string from outside the
/// program (file names, metadata, labels, messages of the system) passes here before it is shown.
///
/// - Parameter limit: longest result in characters; a longer text ends in `…`.
package func sanitize(_ text: some StringProtocol, limit: Int = 600) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit {
            result += "…"
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: result += "·"
        case .format, .surrogate, .privateUse, .unassigned: continue
        default: result.unicodeScalars.append(scalar)
        }
        count += 1
    }
    return result
}
