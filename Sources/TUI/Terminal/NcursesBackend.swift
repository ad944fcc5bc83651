import CNcurses
import CTerminal
import Drawing
import Glibc

/// A real terminal through ncurses. At most one may be open in a process.
///
/// Signal handlers are those of CTerminal, not ncurses': a stop, a continue or a resize is noticed in
/// `nextEvent`, between two frames, never in the middle of writing one.
package final class NcursesBackend: TerminalBackend {
    package internal(set) var capabilities: Capabilities
    /// Where the last canvas is remembered; `nil` when the next must be drawn whole.
    var shown: Canvas?
    var colorPairs: ColorPairs
    /// A window that is never shown: reading from it does not refresh the screen behind our back.
    let keyboard: UnsafeMutablePointer<WINDOW>
    let synchronizes: Bool
    let hasMouse: Bool
    /// A key that came in the middle of something else, for the next turn.
    var heldBack: InputEvent?
    var emptyReads = 0
    /// A character that was read and is still to be understood.
    var putBack: UInt32?
    /// Whether the character read last was all that had come.
    var wasAlone = false
    private let screen: OpaquePointer
    private var isOpen = true
    private var isSuspended = false

    /// Takes the terminal on standard input and output.
    /// - Throws: `TerminalError` if there is none, or none that can place the cursor.
    package init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw TerminalError(
                "the full-screen program needs a terminal on standard input and output; "
                    + "try `latent train --headless` or `latent explore --once`")
        }
        setlocale(LC_CTYPE, "")
        unsetenv("LINES")
        unsetenv("COLUMNS")
        guard latent_terminal_install(STDIN_FILENO) == 0 else {
            throw TerminalError("the terminal's modes cannot be read: \(String(cString: strerror(errno)))")
        }
        do {
            (screen, keyboard) = try NcursesBackend.openScreen(options)
        } catch {
            latent_terminal_uninstall()
            throw error
        }
        let terminal = String(cString: termname())
        capabilities = NcursesBackend.capabilities(terminal, options)
        colorPairs = ColorPairs(capabilities.colors, limit: Int(nc_color_pairs()))
        synchronizes = !options.insideMultiplexer && NcursesBackend.understandsSynchronization(terminal)
        hasMouse = options.mouse && nc_has_string("kmous") != 0
        fitToTerminal()
        enter()
        if options.asksBackground, capabilities.colors >= .sixteen, terminal != "linux" { send("\u{1B}]11;?\u{1B}\\") }
    }

    deinit { close() }

    private static func openScreen(
        _ options: TerminalOptions
    ) throws(TerminalError) -> (OpaquePointer, UnsafeMutablePointer<WINDOW>) {
        guard let screen = openInDirectColor(options) ?? nc_open(nil) ?? nc_open("xterm-256color") ?? nc_open("xterm") else {
            let name = getenv("TERM").map { String(cString: $0) } ?? ""
            throw TerminalError("no description of the terminal TERM=\(name) is installed; try TERM=xterm-256color")
        }
        guard nc_has_string("cup") != 0, let pad = newpad(1, 1) else {
            let name = String(cString: termname())
            endwin()
            delscreen(screen)
            throw TerminalError("the terminal TERM=\(name) cannot place the cursor; try TERM=xterm-256color")
        }
        cbreak()
        noecho()
        nonl()
        curs_set(0)
        set_escdelay(25)
        leaveok(nc_stdscr(), true)
        keypad(pad, true)
        // ncurses waits for the rest of a report that was cut off, deaf to all else; EscapeSequence reads them instead.
        define_key(nil, KEY_MOUSE)
        nodelay(pad, true)
        return (screen, pad)
    }

    /// The terminal with any colour, where it says that it has that and its own description does not already.
    private static func openInDirectColor(_ options: TerminalOptions) -> OpaquePointer? {
        guard options.allowsColor, options.hasTruecolor, let terminal = getenv("TERM") else { return nil }
        return DirectColor.with(String(cString: terminal)) { nc_open($0) }
    }

    private static func capabilities(_ terminal: String, _ options: TerminalOptions) -> Capabilities {
        var colors = ColorDepth.none
        if options.allowsColor, has_colors() {
            start_color()
            use_default_colors()
            colors = ColorDepth(count: Int(nc_colors()))
        }
        return capabilities(terminal, options, colors)
    }

    /// What a terminal with so many colours can show in this locale.
    static func capabilities(_ terminal: String, _ options: TerminalOptions, _ colors: ColorDepth) -> Capabilities {
        let unicode = String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"
        // The Linux console's fonts have half blocks but no finer ones.
        let glyphs = options.glyphs ?? (terminal == "linux" ? .half : nil)
        return Capabilities(unicode: unicode, colors: colors, glyphs: glyphs, background: options.background)
    }

    private static func understandsSynchronization(_ terminal: String) -> Bool {
        ["xterm", "foot", "kitty", "alacritty", "wezterm", "contour", "ghostty"].contains { terminal.hasPrefix($0) }
    }

    package var size: (width: Int, height: Int) { (Int(nc_width()), Int(nc_height())) }

    package var wake: @Sendable () -> Void { { latent_terminal_wake() } }

    /// Brings ncurses to the size the terminal has.
    /// - Returns: whether it changed.
    @discardableResult
    func fitToTerminal() -> Bool {
        var window = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else {
            return false
        }
        guard (Int(window.ws_col), Int(window.ws_row)) != (size.width, size.height) else { return false }
        resize_term(Int32(window.ws_row), Int32(window.ws_col))
        redrawAll()
        return true
    }

    private func redrawAll() {
        shown = nil
        clearok(nc_curscr(), true)
    }

    private func enter() {
        // Until something is drawn ncurses has not switched to the alternate screen.
        werase(nc_stdscr())
        redrawAll()
        wnoutrefresh(nc_stdscr())
        write { doupdate() }
        setMouse(true)
        // Pasted text comes between brackets, so that it is not obeyed.
        send("\u{1B}[?2004h")
    }

    /// Asks for reports of buttons, of motion while one is held, and for their form that knows any column.
    private func setMouse(_ isOn: Bool) {
        guard hasMouse else { return }
        for mode in [1000, 1002, 1006] { send("\u{1B}[?\(mode)\(isOn ? "h" : "l")") }
    }

    /// Gives the terminal to the shell, as it was before the program.
    package func suspend() {
        guard isOpen, !isSuspended else { return }
        isSuspended = true
        setMouse(false)
        send("\u{1B}[?2004l")
        endwin()
    }

    /// Takes it again, in the size it has now; the next frame is sent whole.
    package func resume() {
        guard isOpen else { return }
        isSuspended = false
        reset_prog_mode()
        fitToTerminal()
        enter()
    }

    /// Stops the program until the shell continues it.
    func stop() {
        suspend()
        latent_terminal_stop()
        resume()
    }

    /// Gives the terminal back for good. More calls do nothing.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        setMouse(false)
        send("\u{1B}[?2004l")
        delwin(keyboard)
        endwin()
        delscreen(screen)
        latent_terminal_uninstall()
    }
}
