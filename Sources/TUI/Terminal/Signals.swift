import CTerminal
import Drawing

/// The signals that ask the program to end, for what runs without a screen, and what every thread needs
/// for the terminal to be restored after a crash.
///
/// `NcursesBackend` does all of this for its own thread and hands signals out as events.
package enum Signals {
    /// Catches SIGINT, SIGTERM and SIGHUP, so that a run without a screen can save before it ends.
    /// - Returns: whether it worked.
    @discardableResult
    package static func catchRequestsToEnd() -> Bool { latent_terminal_install(-1) == 0 }

    /// Puts the former handlers back.
    package static func release() { latent_terminal_uninstall() }

    /// Takes the number of one signal that came since the last call; `nil` if none did.
    package static func takePending() -> Int32? {
        let number = latent_terminal_pending_signal()
        return number == 0 ? nil : number
    }

    /// Gives the calling thread a stack for signal handlers, so that the terminal is restored even when the
    /// thread's own stack overflows. Each thread calls it once, at its start.
    package static func protectThread() { _ = latent_terminal_protect_thread() }
}
