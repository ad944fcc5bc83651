/// The order of the images in one epoch: a permutation of `0..<count` that depends only on the seed and the epoch.
///
/// The shuffle of Fisher and Yates, written out so that the order does not change with the standard library.
package func epochOrder(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var order = Array(0..<count)
    var random = RandomStream(seed: seed, purpose: .shuffle, index: epoch)
    for i in stride(from: count - 1, to: 0, by: -1) {
        // Multiply-shift: the bias for counts far below 2³² is negligible.
        let j = Int((UInt64(random.next32()) &* UInt64(i + 1)) >> 32)
        order.swapAt(i, j)
    }
    return order
}
