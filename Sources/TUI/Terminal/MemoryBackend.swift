/// A backend without a terminal: plays a script of events and keeps every canvas it is given.
public final class MemoryBackend: TerminalBackend {
    public private(set) var size: (width: Int, height: Int)
    public let capabilities: Capabilities
    /// Every canvas presented, oldest first.
    public private(set) var presented: [Canvas] = []
    /// What was called besides presenting: "suspend", "resume", "close".
    public private(set) var calls: [String] = []
    private var events: [InputEvent?]

    /// A screen of the given size. `events` come one a call of `nextEvent`; `nil` is a wait that ran out.
    public init(
        width: Int = 80, height: Int = 24, _ capabilities: Capabilities = Capabilities(),
        events: [InputEvent?] = []
    ) {
        size = (width, height)
        self.capabilities = capabilities
        self.events = events
    }

    public var wake: @Sendable () -> Void { {} }

    @discardableResult
    public func present(_ canvas: Canvas) -> Bool {
        presented.append(canvas)
        return true
    }

    /// The next scripted event; `hangup` when the script is over, so that no loop runs for ever.
    public func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
        guard !events.isEmpty else { return .hangup }
        let event = events.removeFirst()
        if case .resize(let width, let height)? = event { size = (width, height) }
        return event
    }

    /// Noted in `calls`, as are the two below.
    public func suspend() { calls.append("suspend") }
    /// Noted in `calls`.
    public func resume() { calls.append("resume") }
    /// Noted in `calls`.
    public func close() { calls.append("close") }
}
