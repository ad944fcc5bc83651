import Drawing

/// A backend without a terminal: plays a script of events and keeps every canvas it is given.
package final class MemoryBackend: TerminalBackend {
    package private(set) var size: (width: Int, height: Int)
    package let capabilities: Capabilities
    /// Every canvas presented, oldest first.
    package private(set) var presented: [Canvas] = []
    /// What was called besides presenting: "suspend", "resume", "close".
    package private(set) var calls: [String] = []
    private var events: [InputEvent?]

    /// A screen of the given size. `events` come one a call of `nextEvent`; `nil` is a wait that ran out.
    package init(
        width: Int = 80, height: Int = 24, _ capabilities: Capabilities = Capabilities(),
        events: [InputEvent?] = []
    ) {
        size = (width, height)
        self.capabilities = capabilities
        self.events = events
    }

    package var wake: @Sendable () -> Void { {} }

    @discardableResult
    package func present(_ canvas: Canvas) -> Bool {
        presented.append(canvas)
        return true
    }

    /// The next scripted event; `hangup` when the script is over, so that no loop runs for ever.
    package func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
        guard !events.isEmpty else { return .hangup }
        let event = events.removeFirst()
        if case .resize(let width, let height)? = event { size = (width, height) }
        return event
    }

    /// Noted in `calls`, as are the two below.
    package func suspend() { calls.append("suspend") }
    /// Noted in `calls`.
    package func resume() { calls.append("resume") }
    /// Noted in `calls`.
    package func close() { calls.append("close") }
}
