import CNcurses
import CTerminal
import Drawing
import Glibc

extension NcursesBackend {
    /// The next key, mouse event, signal or change of size; nil when none came in time, or somebody woke the wait.
    package func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
        let deadline = timeoutMilliseconds < 0 ? nil : ContinuousClock.now + .milliseconds(timeoutMilliseconds)
        while true {
            if let event = signalEvent() ?? keyEvent() { return event }
            var remaining: Int32 = -1
            if let deadline {
                let left = (deadline - ContinuousClock.now) / .milliseconds(1)
                remaining = Int32(max(0, min(left.rounded(.up), 1e9)))
            }
            switch wait(remaining) {
            case .hangup: return .hangup
            case .woken:
                // A signal's event is for the next turn of the loop; a plain wake is the caller's.
                latent_terminal_drain()
                if let event = signalEvent() { return event }
                return nil
            case .timeout: return fitToTerminal() ? .resize(width: size.width, height: size.height) : nil
            case .input: continue
            }
        }
    }

    private enum Wait { case input, woken, timeout, hangup }

    private func wait(_ milliseconds: Int32) -> Wait {
        var requests = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: latent_terminal_wake_fd(), events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&requests, 2, milliseconds)
        if count < 0 { return .input }
        if requests[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return .hangup }
        if requests[1].revents != 0 { return .woken }
        if requests[0].revents != 0 { return hasEnded() ? .hangup : .input }
        return count == 0 ? .timeout : .input
    }

    /// Whether the terminal says "readable" again and again with nothing to read, as it does at its end.
    private func hasEnded() -> Bool {
        let isEmpty = waitingBytes == 0
        emptyReads = isEmpty ? emptyReads + 1 : 0
        return emptyReads > 8
    }

    private func signalEvent() -> InputEvent? {
        switch latent_terminal_pending_signal() {
        case 0: return nil
        case SIGWINCH: return fitToTerminal() ? .resize(width: size.width, height: size.height) : nil
        case SIGTSTP: stop()
        case SIGCONT: resume()
        case let number: return .signal(number)
        }
        return .resize(width: size.width, height: size.height)
    }

    private func keyEvent() -> InputEvent? {
        while true {
            if let event = heldBack {
                heldBack = nil
                return event
            }
            // An Esc that came alone is a key, however soon the next one comes.
            wasAlone = waitingBytes == 1
            guard let read = readCode() else { return nil }
            if let event = read.isFunction ? functionKey(read.code).map(InputEvent.key) : characterEvent(read.code) { return event }
        }
    }

    /// Bytes the terminal has sent and nobody has read.
    private var waitingBytes: Int32 {
        var bytes: Int32 = 0
        return ioctl(STDIN_FILENO, UInt(FIONREAD), &bytes) == 0 ? bytes : 0
    }

    private func characterEvent(_ code: UInt32) -> InputEvent? {
        if code == 0x1B { return escapeEvent() }
        if let next = EscapeSequence.afterEscape(code) { return sequenceEvent(EscapeSequence(), first: next) }
        return characterKey(code).map(InputEvent.key)
    }

    /// What ncurses has read, if anything comes within some milliseconds.
    private func readCode(waiting milliseconds: Int32 = 0) -> (isFunction: Bool, code: UInt32)? {
        if let code = putBack {
            putBack = nil
            return (false, code)
        }
        var code: UInt32 = 0
        var kind = nc_read(keyboard, &code)
        if kind == 0, milliseconds > 0 {
            guard hasInput(within: milliseconds) else { return nil }
            kind = nc_read(keyboard, &code)
        }
        guard kind != 0 else { return nil }
        emptyReads = 0
        return (kind == 2, code)
    }

    /// Waits for input. A signal, such as of another size, does not end the wait: the rest of a sequence or of pasted
    /// text would be taken for keys.
    private func hasInput(within milliseconds: Int32) -> Bool {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while true {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let left = ((deadline - ContinuousClock.now) / .milliseconds(1)).rounded(.up)
            let count = poll(&request, 1, Int32(max(0, min(left, Double(milliseconds)))))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    // MARK: Sequences that ncurses does not know

    /// Milliseconds within which the rest of a sequence comes, of pasted text, and of what follows a mere Esc. Pasted text
    /// that stops for longer, as on a slow line, would go on as keys.
    private static let (sequenceWait, pasteWait, escapeWait): (Int32, Int32, Int32) = (50, 2000, 10)

    /// An Esc, or the key whose sequence begins with it.
    private func escapeEvent() -> InputEvent? {
        guard let next = readCode(waiting: Self.escapeWait) else { return .key(.escape) }
        // Esc and then an arrow, say: two keys.
        if next.isFunction {
            heldBack = functionKey(next.code).map(InputEvent.key)
            return .key(.escape)
        }
        if wasAlone, !EscapeSequence.begins(with: next.code) {
            putBack = next.code
            return .key(.escape)
        }
        return sequenceEvent(EscapeSequence(), first: next.code)
    }

    /// Reads a sequence to its end, or until nothing more comes of it.
    private func sequenceEvent(_ sequence: EscapeSequence, first: UInt32? = nil) -> InputEvent? {
        var sequence = sequence
        var waiting = first
        while true {
            guard let code = waiting ?? nextCharacter() else { return nil }
            waiting = nil
            switch sequence.take(code) {
            case .more: continue
            case .ended(let key): return key.map(InputEvent.key)
            case .mouse(let x, let y, let kind): return .mouse(x: x, y: y, kind)
            case .background(let background):
                capabilities.background = background
                return .background(background)
            case .pasteBegins: return .paste(readPaste())
            case .pasteEnds: return nil
            case .begunAnew: return escapeEvent()
            }
        }
    }

    /// The next character of a sequence; nil when none comes, or a key does, which is no part of it.
    private func nextCharacter() -> UInt32? {
        guard let read = readCode(waiting: Self.sequenceWait) else { return nil }
        guard read.isFunction else { return read.code }
        heldBack = functionKey(read.code).map(InputEvent.key)
        return nil
    }

    /// What was pasted, up to the sequence that ends it; of a very long text, its start. Keys in it are not obeyed.
    private func readPaste() -> String {
        var text = ""
        var sequence: EscapeSequence?
        while let read = readCode(waiting: Self.pasteWait) {
            if read.isFunction { continue }
            if var inside = sequence {
                let outcome = inside.take(read.code)
                if outcome == .pasteEnds { break }
                sequence = outcome == .more ? inside : outcome == .begunAnew ? EscapeSequence() : nil
            } else if read.code == 0x1B {
                sequence = EscapeSequence()
            } else if text.utf8.count < Self.longestPaste, let scalar = Unicode.Scalar(read.code) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static let longestPaste = 4096

    private func characterKey(_ code: UInt32) -> Key? {
        switch code {
        case 9: return .tab
        case 10, 13: return .enter
        case 8, 127: return .backspace
        case 1...26: return .control(Character(Unicode.Scalar(UInt8(code + 96))))
        case 0..<32, 0x80..<0xA0: return nil
        default: return Unicode.Scalar(code).map { .character(Character($0)) }
        }
    }

    private func functionKey(_ code: UInt32) -> Key? {
        switch Int32(bitPattern: code) {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_SR: .shiftUp
        case KEY_SF: .shiftDown
        case KEY_SLEFT: .shiftLeft
        case KEY_SRIGHT: .shiftRight
        case KEY_ENTER: .enter
        case KEY_BTAB: .backTab
        case KEY_BACKSPACE: .backspace
        case KEY_DC: .delete
        case KEY_IC: .insert
        case KEY_HOME: .home
        case KEY_END: .end
        case KEY_PPAGE: .pageUp
        case KEY_NPAGE: .pageDown
        case KEY_F0...(KEY_F0 + 63): .function(Int(code) - Int(KEY_F0))
        default: nil
        }
    }
}
