import Drawing

/// A screen to draw on and the keys that come from it.
///
/// One thread owns a backend; `wake` alone may be called from any.
package protocol TerminalBackend: AnyObject {
    /// Columns and rows.
    var size: (width: Int, height: Int) { get }

    /// What the terminal can show.
    var capabilities: Capabilities { get }

    /// Shows the canvas by writing the cells that differ from the one shown before.
    /// - Returns: whether it was shown; `false` when the terminal takes no output at the moment.
    @discardableResult
    func present(_ canvas: Canvas) -> Bool

    /// Waits for the next event; `nil` after the given time (negative: for ever) or a call of `wake`.
    func nextEvent(timeoutMilliseconds: Int) -> InputEvent?

    /// Ends the wait of `nextEvent` early.
    var wake: @Sendable () -> Void { get }

    /// Gives the terminal back for a while, as it was before.
    func suspend()

    /// Takes the terminal again; the next canvas is drawn whole.
    func resume()

    /// Gives the terminal back for good. More calls do nothing.
    func close()
}

/// Why no terminal could be opened, in one line.
package struct TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Parameter description: one line, with what to do.
    package init(_ description: String) { self.description = description }
}

/// What the person asked of the terminal on the command line and in the environment.
package struct TerminalOptions: Equatable, Sendable {
    /// When to use colour.
    package enum Color: String, Sendable, CaseIterable {
        /// Where the terminal has it and `NO_COLOR` is not set.
        case auto
        /// Where the terminal has it.
        case always
        /// Nowhere.
        case never
    }

    package var color: Color
    /// Whether `NO_COLOR` is set to anything but the empty string.
    package var noColor: Bool
    /// Whether `COLORTERM` says that the terminal shows any colour.
    package var hasTruecolor: Bool
    /// The glyphs for pictures; `nil` for the best in each place.
    package var glyphs: GlyphMode?
    /// What is behind text.
    package var background: Background
    /// Whether to ask the terminal for that: its answer is an event.
    package var asksBackground: Bool
    /// Whether the program runs inside tmux or screen, where synchronised output is not used.
    package var insideMultiplexer: Bool
    /// Whether to ask for mouse events.
    package var mouse: Bool

    /// What a program started without options in an empty environment has.
    package init(
        color: Color = .auto, noColor: Bool = false, hasTruecolor: Bool = false, glyphs: GlyphMode? = nil, background: Background = .dark,
        asksBackground: Bool = false, insideMultiplexer: Bool = false, mouse: Bool = true
    ) {
        self.color = color
        self.noColor = noColor
        self.hasTruecolor = hasTruecolor
        self.glyphs = glyphs
        self.background = background
        self.asksBackground = asksBackground
        self.insideMultiplexer = insideMultiplexer
        self.mouse = mouse
    }

    /// Whether colours may be used where there are some.
    package var allowsColor: Bool { color == .always || (color == .auto && !noColor) }
}
