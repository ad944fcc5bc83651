extension Sequence<Unicode.Scalar> {
    /// The same with Korean letters joined to syllables, as terminals show them: file systems may keep them apart. (The
    /// Unicode Standard, section 3.12.)
    package var composingHangul: [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for scalar in self {
            if let last = result.last, let joined = last.joining(scalar) {
                result[result.count - 1] = joined
            } else {
                result.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// A first consonant and a vowel, or a syllable without a last consonant and one, as one syllable; nil for others.
    fileprivate func joining(_ next: Unicode.Scalar) -> Unicode.Scalar? {
        let syllables: UInt32 = 0xAC00
        if (0x1100...0x1112).contains(value), (0x1161...0x1175).contains(next.value) {
            return Unicode.Scalar(syllables + ((value - 0x1100) * 21 + (next.value - 0x1161)) * 28)
        }
        if (syllables...0xD7A3).contains(value), (value - syllables) % 28 == 0, (0x11A8...0x11C2).contains(next.value) {
            return Unicode.Scalar(value + next.value - 0x11A7)
        }
        return nil
    }
}
