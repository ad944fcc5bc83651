import Drawing

/// A screen of the program. Adding one is a folder with a feature, and one row in `Screen.allCases`.
package protocol ScreenFeature: Sendable {
    /// A word for its tab.
    var title: String { get }
    /// Its own keys, in the order of the footer and of the help.
    var keys: [KeyBinding] { get }
    /// Draws everything between the first line and the last.
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect)
    /// What must be computed for it: when it is opened, after new parameters, after a new size.
    func effects(_ state: AppState) -> [Effect]
    /// Answers the mouse; unless told otherwise, not at all.
    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect]
    /// Drops what it keeps about something that is another one now; unless told otherwise, it keeps nothing.
    func forget(_ change: ModelChange, _ state: inout AppState)
}

extension ScreenFeature {
    package func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] { [] }
    package func forget(_ change: ModelChange, _ state: inout AppState) {}
}

/// What the screens show may be of another model from now on, or of other images.
package enum ModelChange: Sendable, Equatable {
    /// A run begins: the same network with other parameters.
    case run
    /// Another model; `keepsData` if the images at hand are for it too.
    case model(shape: Bool, keepsData: Bool)
    /// Another data set has been loaded.
    case data
}

/// One of the screens.
package struct Screen: Sendable, Hashable {
    package let feature: any ScreenFeature

    package var title: String { feature.title }
    /// The digit that shows it, from 1.
    package var digit: Int { 1 + (Self.allCases.firstIndex(of: self) ?? 0) }

    package static func == (a: Screen, b: Screen) -> Bool { a.title == b.title }
    package func hash(into hasher: inout Hasher) { hasher.combine(title) }
}

extension Screen: CaseIterable {
    /// The table of screens: their digits, tabs, keys, help and the command line's list follow from it.
    package static let allCases: [Screen] = [.train, .explore, .compare, .draw, .models]

    /// The one after it, or before; round at the ends.
    func neighbour(_ by: Int) -> Screen {
        let all = Self.allCases
        return all[(digit - 1 + by + all.count) % all.count]
    }
}
