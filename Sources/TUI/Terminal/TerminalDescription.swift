import CNcurses
import Drawing
import Glibc

/// What the full-screen program would find of a terminal, told without taking it.
package struct TerminalDescription: Sendable {
    /// The value of `TERM`.
    package let name: String
    /// Whether ncurses knows that name.
    package let isInstalled: Bool
    /// Whether the terminal can place the cursor, without which there is no full screen.
    package let placesCursor: Bool
    package let hasMouse: Bool
    package let capabilities: Capabilities

    /// Reads the description of the terminal that `TERM` names. Not while an `NcursesBackend` is open.
    package init(_ options: TerminalOptions) {
        setlocale(LC_CTYPE, "")
        let name = getenv("TERM").map { String(cString: $0) } ?? ""
        self.name = name
        isInstalled = nc_describe(nil) != 0
        placesCursor = isInstalled && nc_has_string("cup") != 0
        hasMouse = isInstalled && nc_has_string("kmous") != 0
        var colors = ColorDepth.none
        if isInstalled, options.allowsColor {
            let direct = options.hasTruecolor ? DirectColor.with(name) { nc_describe($0) != 0 ? nc_number("colors") : nil } : nil
            colors = ColorDepth(count: Int(direct ?? nc_number("colors")))
        }
        capabilities = NcursesBackend.capabilities(name, options, colors)
    }

    /// The columns that the system's tables give a character; -1 for one that they do not know, which ncurses would drop.
    package static func systemWidth(of character: Unicode.Scalar) -> Int { Int(nc_column_width(character.value)) }
}
