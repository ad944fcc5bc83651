// Texts for the room there is.

/// The longest of several wordings that fits, else the last, the shortest.
package func fitting(_ width: Int, _ wordings: [String]) -> String {
    wordings.first { Canvas.columns(of: $0) <= width } ?? wordings.last ?? ""
}

/// A text in lines of at most `width` columns where its words allow, broken at spaces.
package func wrapped(_ text: String, _ width: Int) -> [String] {
    guard Canvas.columns(of: text) > width else { return [text] }
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let last = lines.last, Canvas.columns(of: last) + 1 + Canvas.columns(of: String(word)) <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines
}
