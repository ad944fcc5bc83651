import Drawing
import VAECore

/// What spans the plane: two of z's dimensions, two principal components of the codes, or the ways between three points.
///
/// Its axes are numbered from 0: dimensions as in z, components from the one of the most variance.
package enum PlaneBasis: Sendable, Equatable {
    case dimensions
    /// Coordinates are zero at `origin`: the prior's mean, or the mean of a plain autoencoder's codes.
    case components(PrincipalComponents, origin: [Float])
    /// The marks a, b and c (latent each), as they were when the plane was chosen.
    case points([[Float]])

    var isDimensions: Bool { self == .dimensions }

    /// How an axis is written: on its own, and where there is little room.
    func name(_ axis: Int) -> String {
        switch self {
        case .dimensions: "z\(axis + 1)"
        case .components: "PC \(axis + 1)"
        case .points: axis == 0 ? "a to b" : "to c"
        }
    }

    /// How much of the codes' variance lies along a component: "31 %".
    func share(_ axis: Int) -> String? {
        guard case .components(let components, _) = self, components.variances.indices.contains(axis) else { return nil }
        let percent = components.share(axis) * 100
        return NumberText.fixed(percent, decimals: percent < 9.95 ? 1 : 0) + " %"
    }
}

extension ExploreState {
    /// The numbers of the two axes shown.
    package var axes: (across: Int, up: Int) {
        get {
            switch basis {
            case .dimensions: dimensions
            case .components: componentsShown
            case .points: (0, 1)
            }
        }
        set {
            switch basis {
            case .dimensions: dimensions = newValue
            case .components:
                componentsShown = newValue
                span()
            case .points: break
            }
        }
    }

    /// An axis as a direction of the latent space.
    func direction(_ axis: Int) -> Direction {
        switch basis {
        case .dimensions: return .dimension(axis)
        case .components(let components, let origin): return components.direction(axis, from: origin)
        case .points(let points):
            guard let plane = Plane(through: points[0], points[1], points[2]) else { return .dimension(axis) }
            return axis == 0 ? plane.across : plane.up
        }
    }

    /// The axes there are, the most telling first.
    func axisOrder(_ model: ModelState) -> [Int] {
        switch basis {
        case .dimensions: model.dimensionOrder
        case .components(let components, _): Array(components.vectors.indices)
        case .points: [0, 1]
        }
    }

    /// Turns the plane to the axes shown, through the cursor, which stays where it is.
    mutating func span() {
        (plane.across, plane.up) = (direction(axes.across), direction(axes.up))
        plane.center = cursor
        traversals = Traversals()
    }

    /// The plane to begin with in the axes shown.
    func home(_ model: ModelState) -> (center: [Float], reach: Float) {
        switch basis {
        case .dimensions: return model.home(dimensions)
        case .components(let components, let origin):
            guard model.isDeterministic else { return (origin, Self.priorReach) }
            let variance = max(components.variances[componentsShown.across], components.variances[componentsShown.up])
            return (origin, Self.heldReach(Self.priorReach * Float(variance.squareRoot())))
        case .points(let points):
            guard let plane = Plane(through: points[0], points[1], points[2]) else { return model.home(dimensions) }
            return (plane.center, Self.heldReach(plane.reach))
        }
    }

    private static func heldReach(_ reach: Float) -> Float {
        reach.isFinite ? min(reachRange.upperBound, max(reachRange.lowerBound, reach)) : priorReach
    }

    /// Whether the plane goes through the marks it was spanned by: jumps to other places take it along.
    var isThroughItsPoints: Bool {
        guard case .points(let points) = basis else { return false }
        let shown = plane.through(cursor)
        return points.allSatisfy { shown.through($0) == shown }
    }
}
