/// The checksum of event files: CRC-32 with Castagnoli's polynomial, which is not the one of zlib and PNG.
package enum CRC32C {
    /// The checksum of some bytes; of the digits "123456789" it is 0xE3069283 (RFC 3720, B.4).
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }

    /// The checksum as a TFRecord stores it: rotated by 15 bits and moved by a constant, so that the checksum of data
    /// that contain checksums is no weaker.
    package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let checksum = checksum(bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xa282_ead8
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82f6_3b78 : 0) }
    }
}
