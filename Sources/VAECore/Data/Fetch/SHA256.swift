/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The fractional parts of the cube roots of the first 64 primes, 32 bits of each.
    private static let constants: [UInt32] = primes(64).map { prime in fraction(prime) { $0 * $0 * $0 } }
    /// Those of the square roots of the first eight.
    private static let start: [UInt32] = primes(8).map { prime in fraction(prime) { $0 * $0 } }

    /// The hash as 64 hexadecimal digits.
    package static func hex(_ bytes: [UInt8]) -> String {
        var state = start
        var words = [UInt32](repeating: 0, count: 64)
        let whole = bytes.count / 64 * 64
        bytes.withUnsafeBytes { raw in
            for block in stride(from: 0, to: whole, by: 64) {
                mix(UnsafeRawBufferPointer(rebasing: raw[block..<block + 64]), &words, &state)
            }
        }
        var tail = Array(bytes[whole...]) + [0x80]
        while tail.count % 64 != 56 { tail.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: (8 * bytes.count) >> shift)) }
        tail.withUnsafeBytes { raw in
            for block in stride(from: 0, to: tail.count, by: 64) {
                mix(UnsafeRawBufferPointer(rebasing: raw[block..<block + 64]), &words, &state)
            }
        }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Takes in one block of 64 bytes.
    private static func mix(_ block: UnsafeRawBufferPointer, _ words: inout [UInt32], _ state: inout [UInt32]) {
        func right(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        for i in 0..<16 { words[i] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)) }
        for i in 16..<64 {
            let (early, late) = (words[i - 15], words[i - 2])
            let first = right(early, 7) ^ right(early, 18) ^ early >> 3
            let second = right(late, 17) ^ right(late, 19) ^ late >> 10
            words[i] = words[i - 16] &+ first &+ words[i - 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for i in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first = h &+ (right(e, 6) ^ right(e, 11) ^ right(e, 25)) &+ choice &+ constants[i] &+ words[i]
            let second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        for (i, value) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= value }
    }

    private static func primes(_ count: Int) -> [UInt64] {
        var found: [UInt64] = []
        var next: UInt64 = 2
        while found.count < count {
            if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
            next += 1
        }
        return found
    }

    /// 32 bits of the fraction of the root of a prime, of which `power` is the inverse: by bisection in 36-bit fixed point.
    private static func fraction(_ prime: UInt64, _ power: (Wide) -> Wide) -> UInt32 {
        var (low, high): (UInt64, UInt64) = (0, 20 << 32)
        while high - low > 1 {
            let middle = (low + high) / 2
            // middle / 2³² to the power, against the prime.
            if power(Wide(middle)).isAtMost(prime) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// A product of numbers in units of 2⁻³², exactly.
    private struct Wide {
        /// Most significant digits last, of 32 bits.
        var digits: [UInt64]
        var factors = 1

        init(_ value: UInt64) { digits = [value & 0xffff_ffff, value >> 32] }

        static func * (a: Wide, b: Wide) -> Wide {
            var sum = [UInt64](repeating: 0, count: a.digits.count + b.digits.count)
            for (i, x) in a.digits.enumerated() {
                var carry: UInt64 = 0
                for (j, y) in b.digits.enumerated() {
                    let total = sum[i + j] + x * y + carry
                    (sum[i + j], carry) = (total & 0xffff_ffff, total >> 32)
                }
                sum[i + b.digits.count] += carry
            }
            var product = a
            product.digits = sum
            product.factors = a.factors + b.factors
            return product
        }

        /// Whether the value is at most a whole number below 2³².
        func isAtMost(_ number: UInt64) -> Bool {
            let whole = digits[factors...]
            guard whole.dropFirst().allSatisfy({ $0 == 0 }), let first = whole.first else { return false }
            return first < number || first == number && digits[..<factors].allSatisfy { $0 == 0 }
        }
    }
}
