/// The index of the first NaN or infinity in `values`, or `nil`.
package func firstNonFinite(in values: some RandomAccessCollection<Float>) -> Int? {
    values.firstIndex { !$0.isFinite }.map { values.distance(from: values.startIndex, to: $0) }
}
