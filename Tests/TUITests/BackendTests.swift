import Drawing
import TUI
import Testing

@Suite struct BackendTests {
    @Test func memoryBackendPlaysItsScript() {
        let backend = MemoryBackend(width: 10, height: 4, events: [.key(.up), nil, .resize(width: 7, height: 3)])
        #expect(backend.nextEvent(timeoutMilliseconds: 0) == .key(.up))
        #expect(backend.nextEvent(timeoutMilliseconds: 0) == nil)
        #expect(backend.nextEvent(timeoutMilliseconds: 0) == .resize(width: 7, height: 3))
        #expect(backend.size == (7, 3))
        #expect(backend.nextEvent(timeoutMilliseconds: 0) == .hangup)
        backend.present(marked(2, 1))
        #expect(backend.presented.map(\.plainText) == ["xx"])
        backend.suspend()
        backend.resume()
        backend.close()
        #expect(backend.calls == ["suspend", "resume", "close"])
    }

    @Test func colorChoice() {
        #expect(TerminalOptions().allowsColor)
        #expect(!TerminalOptions(noColor: true).allowsColor)
        #expect(TerminalOptions(color: .always, noColor: true).allowsColor)
        #expect(!TerminalOptions(color: .never).allowsColor)
    }

    @Test func capabilitiesChooseWhatCanBeShown() {
        #expect(Capabilities().mode(.quadrant) == .quadrant)
        #expect(Capabilities(glyphs: .braille).mode(.half) == .braille)
        #expect(Capabilities(unicode: false, glyphs: .half).mode(.half) == .ascii)
        #expect(Capabilities(glyphs: .ascii).glyph("─", "-") == "-")
        for scalar in "─│┌┼█▘·…×—“μ漢⠁".unicodeScalars { #expect(scalar.asciiFallback.isASCII) }
    }
}
