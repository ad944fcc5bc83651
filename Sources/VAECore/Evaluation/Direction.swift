/// A direction through the latent space: one of z's dimensions, or any unit vector, such as a principal component.
///
/// A point has a coordinate along it: how far it lies from where the coordinate is zero.
public enum Direction: Sendable, Equatable, ExpressibleByIntegerLiteral {
    /// One of z's dimensions, from 0; the coordinate is z itself.
    case dimension(Int)
    /// A vector of length 1 (latent). The coordinate is its product with z, less `zero`.
    case vector([Float], zero: Float)

    /// One of z's dimensions, from 0.
    public init(integerLiteral dimension: Int) { self = .dimension(dimension) }

    /// A unit vector; the coordinate of `origin` (latent) is zero.
    public init(_ vector: [Float], from origin: [Float]) {
        self = .vector(vector, zero: Self.product(vector, origin, 0))
    }

    /// Whether it is one of z's dimensions.
    public var isDimension: Bool { if case .dimension = self { true } else { false } }

    /// The coordinate of the point (latent) that begins at `start` of an array of points.
    public func coordinate(of z: [Float], at start: Int = 0) -> Float {
        switch self {
        case .dimension(let j): z[start + j]
        case .vector(let vector, let zero): Self.product(vector, z, start) - zero
        }
    }

    /// The point moved along, to a coordinate.
    public func moved(_ z: [Float], to coordinate: Float) -> [Float] {
        var moved = z
        switch self {
        case .dimension(let j): moved[j] = coordinate
        case .vector(let vector, _):
            let way = coordinate - self.coordinate(of: z)
            for j in moved.indices { moved[j] += way * vector[j] }
        }
        return moved
    }

    /// The covariance of the coordinates along this direction and another, of a Gaussian with independent dimensions;
    /// along the same direction, the variance.
    /// - Parameter deviations: of the Gaussian's dimensions (latent), from `start` of an array of such.
    public func covariance(_ other: Direction, _ deviations: [Float], at start: Int = 0) -> Float {
        switch (self, other) {
        case (.dimension(let j), .dimension(let k)): return j == k ? deviations[start + j] * deviations[start + j] : 0
        case (.dimension(let j), .vector(let vector, _)), (.vector(let vector, _), .dimension(let j)):
            return vector[j] * deviations[start + j] * deviations[start + j]
        case (.vector(let a, _), .vector(let b, _)):
            var sum: Float = 0
            for j in a.indices { sum += a[j] * b[j] * deviations[start + j] * deviations[start + j] }
            return sum
        }
    }

    /// The standard deviation of the coordinate, of a Gaussian with independent dimensions.
    /// - Parameter deviations: of the Gaussian's dimensions (latent), from `start` of an array of such.
    public func deviation(_ deviations: [Float], at start: Int = 0) -> Float {
        switch self {
        case .dimension(let j): deviations[start + j]
        case .vector: covariance(self, deviations, at: start).squareRoot()
        }
    }

    private static func product(_ vector: [Float], _ z: [Float], _ start: Int) -> Float {
        vector.withUnsafeBufferPointer { vector in
            z.withUnsafeBufferPointer { z in
                precondition(start >= 0 && start + vector.count <= z.count)
                var sum: Float = 0
                for j in 0..<vector.count { sum += vector[j] * z[start + j] }
                return sum
            }
        }
    }
}
