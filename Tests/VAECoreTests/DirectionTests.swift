import Foundation
import Testing
import VAECore

/// Principal components of codes, planes in any two directions, and what lies on them.
@Suite struct DirectionTests {
    /// Codes around the origin, wider in some directions than in others.
    static func codes(_ count: Int, latent: Int, labels: [UInt8]? = nil) -> LatentCodes {
        let mixing = normals(latent * 3, seed: 11)
        let drawn = normals(count * 3, seed: 12), rest = normals(count * latent, seed: 13)
        let mean = (0..<count * latent).map { n -> Float in
            let (index, j) = (n / latent, n % latent)
            return (0..<3).reduce(0.2 * rest[n]) { $0 + drawn[3 * index + $1] * mixing[3 * j + $1] * 0.5 }
        }
        return LatentCodes(
            mean: mean, deviation: uniforms(count * latent, seed: 14).map { 0.05 + 0.5 * $0 }, latent: latent,
            labels: labels, step: 3)
    }

    // MARK: Principal components

    /// Mean, variances and vectors as numpy's SVD has them, signs included.
    @Test(arguments: [2, 20, 50]) func componentsAsNumpyHasThem(latent: Int) throws {
        let file = try fixture("principal_components")
        let mean = try file.floats("codes.\(latent)")
        let codes = LatentCodes(
            mean: mean, deviation: [Float](repeating: 0, count: mean.count), latent: latent, labels: nil, step: 7)
        let components = try #require(PrincipalComponents(codes))
        #expect(components.step == 7 && components.vectors.count == latent)
        #expect(relativeError(components.mean, try file.floats("mean.\(latent)")) < 1e-6)
        let variances = try file.floats("variances.\(latent)")
        #expect(relativeError(components.variances.prefix(variances.count).map { Float($0) }, variances) < 1e-6)
        let vectors = try file.floats("vectors.\(latent)")
        // What does not vary has no direction of its own.
        let varying = min(latent, codes.count - 1)
        for k in 0..<varying {
            #expect(relativeError(components.vectors[k], Array(vectors[k * latent..<(k + 1) * latent])) < 1e-4, "\(k)")
        }
        #expect(abs((0..<latent).reduce(0) { $0 + components.share($1) } - 1) < 1e-9)
        #expect(components.share(0) >= components.share(1))
    }

    /// The coordinates of the codes along the components do not correlate, and vary as the components say.
    @Test(arguments: [20, 200]) func componentsUncouple(latent: Int) throws {
        let codes = Self.codes(500, latent: latent)
        let components = try #require(PrincipalComponents(codes))
        let (first, second) = (components.direction(0, from: components.mean), components.direction(1, from: components.mean))
        let scores = (0..<codes.count).map { index -> (Double, Double) in
            let z = codes.code(index)
            return (Double(first.coordinate(of: z)), Double(second.coordinate(of: z)))
        }
        let n = Double(codes.count - 1)
        let variance = scores.reduce(0) { $0 + $1.0 * $1.0 } / n
        let shared = scores.reduce(0) { $0 + $1.0 * $1.1 } / n
        #expect(abs(scores.reduce(0) { $0 + $1.0 }) / n < 1e-4)
        #expect(abs(variance / components.variances[0] - 1) < 1e-4 && abs(shared) < 1e-4 * variance)
        #expect(PrincipalComponents(codes) == components)
    }

    @Test func codesWithoutComponents() {
        func codes(_ mean: [Float], latent: Int) -> LatentCodes {
            LatentCodes(
                mean: mean, deviation: [Float](repeating: 1, count: mean.count), latent: latent, labels: nil, step: 0)
        }
        #expect(PrincipalComponents(codes([1, 2], latent: 2)) == nil)
        #expect(PrincipalComponents(codes([1, 2, 1, 2, 1, 2], latent: 2)) == nil)
        #expect(PrincipalComponents(codes([1, 2, .nan, 2], latent: 2)) == nil)
        #expect(PrincipalComponents(codes([1, 2, .infinity, 2], latent: 2)) == nil)
        #expect(PrincipalComponents(codes([3, 1, 2], latent: 1))?.variances == [1])
    }

    // MARK: Planes

    /// The plane through three codes goes through them, at any size of z, and holds them.
    @Test(arguments: [2, 20, 200]) func aPlaneThroughThreePoints(latent: Int) throws {
        let codes = Self.codes(40, latent: latent)
        for (a, b, c) in [(0, 1, 2), (17, 5, 30), (39, 38, 3)] {
            let points = [a, b, c].map { codes.code($0) }
            let plane = try #require(Plane(through: points[0], points[1], points[2]))
            for z in points {
                let shares = plane.shares(of: z)
                #expect((0...1).contains(shares.across) && (0...1).contains(shares.up))
                #expect(relativeError(plane.point(shares.across, shares.up), z) < 2e-6)
                #expect(plane.through(z) == plane)
            }
            #expect(abs(plane.coordinates(of: points[0]).across) < 1e-5 && abs(plane.coordinates(of: points[0]).up) < 1e-5)
            #expect(plane.coordinates(of: points[1]).across > 0 && abs(plane.coordinates(of: points[1]).up) < 1e-5)
            #expect(plane.coordinates(of: points[2]).up > 0)
            // Distances on it are distances in z.
            let (from, to) = (plane.point(0.2, 0.7), plane.point(0.9, 0.1))
            let inZ = zip(from, to).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(abs(inZ / (2 * plane.reach * Float(hypot(0.7, 0.6))) - 1) < 1e-4)
        }
    }

    @Test func pointsWithoutAPlane() {
        #expect(Plane(through: [1, 2, 3], [1, 2, 3], [0, 0, 1]) == nil)
        #expect(Plane(through: [1, 2, 3], [0, 0, 1], [1, 2, 3]) == nil)
        #expect(Plane(through: [0, 0, 0], [1, 2, 3], [2, 4, 6]) == nil)
        #expect(Plane(through: [1], [2], [3]) == nil)
        #expect(Plane(through: [.nan, 0], [1, 2], [2, 1]) == nil)
    }

    /// What a plane of any directions does with points is what a plane of dimensions does, turned.
    @Test func pointsOnATurnedPlane() {
        // z1 and z2 turned by 30°, in a z of three.
        let (c, s) = (Float(cos(Double.pi / 6)), Float(0.5))
        let origin: [Float] = [1, 1, 0]
        let plane = Plane(
            center: [1, 1, 5], across: Direction([c, s, 0], from: origin), up: Direction([-s, c, 0], from: origin), reach: 2,
            reachUp: 1, columns: 3, rows: 3)
        #expect(relativeError(plane.point(1, 0.5), [1 + 2 * c, 1 + 2 * s, 5]) < 1e-6)
        #expect(relativeError(plane.point(0.5, 1), [1 - s, 1 + c, 5]) < 1e-6)
        for place in [(0.1, 0.9), (0.5, 0.5), (0.93, 0.2)] {
            let shares = plane.shares(of: plane.point(place.0, place.1))
            #expect(abs(shares.across - place.0) < 1e-6 && abs(shares.up - place.1) < 1e-6)
        }
        // Another plane lies parallel, at the point's depth; one beside it is as far along.
        let through = plane.through([4, 4, 9])
        #expect(relativeError(through.center, [1, 1, 9]) < 1e-6 && through != plane)
        #expect(relativeError(plane.centered(across: 1, up: 0).center, [1 + c, 1 + s, 5]) < 1e-6)
        #expect(plane.holding([1 + 3 * c, 1 + 3 * s, 5]).reach == 4.5)
        let close = plane.close(to: [1, 1, 5], deviation: [0.1, 0.2, 9])
        let wide = max((c * c * 0.01 + s * s * 0.04).squareRoot() / 2, (s * s * 0.01 + c * c * 0.04).squareRoot())
        #expect(abs(close.reach / (2 * 3 * wide) - 1) < 1e-4)
    }

    /// The whole of a plane as a square: the prior in two dimensions, or in any two directions.
    @Test func manifolds() throws {
        let plain = Manifold(center: [0, 0, 7], across: 0, up: 1)
        #expect(relativeError(plain.points(size: 1, spacing: .quantile), [0, 0, 7]) < 1e-6)
        let nine = plain.points(size: 3, spacing: .quantile)
        #expect(nine.count == 27 && abs(nine[0] + 1.64485) < 1e-4 && abs(nine[1] - 1.64485) < 1e-4 && nine[2] == 7)
        #expect(relativeError(plain.points(size: 3, spacing: .linear), nine) < 1e-6)
        let codes = Self.codes(100, latent: 20)
        let components = try #require(PrincipalComponents(codes))
        let (first, second) = (components.direction(0, from: components.mean), components.direction(1, from: components.mean))
        let turned = Manifold(center: components.mean, across: first, up: second, deviation: (2, 3))
        let corner = Array(turned.points(size: 2, spacing: .linear).suffix(20))
        #expect(abs(first.coordinate(of: corner) - 2 * 1.64485) < 1e-3 && abs(second.coordinate(of: corner) + 3 * 1.64485) < 1e-3)
    }

    // MARK: Density

    /// Along dimensions and along directions that are those dimensions the density is the same.
    @Test func densityAlongDirections() {
        let codes = Self.codes(300, latent: 20)
        func unit(_ j: Int) -> Direction { Direction((0..<20).map { $0 == j ? 1 : 0 }, from: [Float](repeating: 0, count: 20)) }
        let center = [Float](repeating: 0, count: 20)
        let dimensions = AggregatePosterior(codes, over: Plane(center: center, across: 4, up: 9, reach: 3), columns: 20, rows: 14)
        let directions = AggregatePosterior(
            codes, over: Plane(center: center, across: unit(4), up: unit(9), reach: 3), columns: 20, rows: 14)
        #expect(relativeError(directions.logRatio, dimensions.logRatio) < 1e-4)
    }

    /// Codes drawn from the prior have its density on every plane; and one code's tilted ellipse is the Gaussian that it is.
    @Test(arguments: [20, 200]) func densityOnATurnedPlane(latent: Int) throws {
        let drawn = normals(3000 * latent, seed: 5)
        let prior = LatentCodes(
            mean: drawn, deviation: [Float](repeating: 0.15, count: drawn.count), latent: latent, labels: nil, step: 4)
        let plane = try #require(Plane(through: prior.code(0), prior.code(1), prior.code(2)))
        var around = plane.through([Float](repeating: 0, count: latent))
        around.center = [Float](repeating: 0, count: latent)
        around.reach = 2
        around.reachUp = 2
        let even = AggregatePosterior(prior, over: around, columns: 16, rows: 16)
        #expect(even.logRatio.map { abs($0) }.sorted()[128] < 0.3)

        let deviations = (0..<latent).map { 0.2 + 0.6 * Float($0 % 7) / 6 }
        let one = LatentCodes(mean: prior.code(5), deviation: deviations, latent: latent, labels: nil, step: 0)
        let columns = 400
        let density = AggregatePosterior(one, over: around.through(one.mean), columns: columns, rows: columns)
        let turned = around.through(one.mean)
        let (va, vu) = (turned.across.deviation(deviations), turned.up.deviation(deviations))
        let shared = turned.across.covariance(turned.up, deviations)
        let middle = turned.coordinates(of: one.mean)
        for (column, row) in [(200, 200), (230, 180), (150, 240), (210, 130)] {
            let z = turned.point((Double(column) + 0.5) / 400, 1 - (Double(row) + 0.5) / 400)
            let (x, y) = (Double(turned.across.coordinate(of: z) - middle.across), Double(turned.up.coordinate(of: z) - middle.up))
            let (a, b, s) = (Double(va * va), Double(vu * vu), Double(shared))
            let determinant = a * b - s * s
            let q = (b * x * x - 2 * s * x * y + a * y * y) / determinant
            let own = turned.coordinates(of: z), zero = turned.coordinates(of: [Float](repeating: 0, count: latent))
            let p = pow(Double(own.across - zero.across), 2) + pow(Double(own.up - zero.up), 2)
            let expected = max(-8, -0.5 * q - 0.5 * log(determinant) + 0.5 * p)
            #expect(abs(Double(density.logRatio[row * columns + column]) - expected) < 0.01)
        }
    }

    // MARK: Classes

    /// A class's medoid is the image with the least sum of squared distances to the others.
    @Test func medoids() throws {
        let labels = (0..<90).map { UInt8($0 % 3 * 2) }
        let codes = Self.codes(90, latent: 20, labels: labels)
        let medoids = codes.classMedoids
        #expect(medoids.map(\.label) == [0, 2, 4])
        for (label, index) in medoids {
            let members = labels.indices.filter { Int(labels[$0]) == label }
            let sums = members.map { one in members.reduce(Float(0)) { $0 + pow(codes.distance($1, to: codes.code(one)), 2) } }
            let best = try #require(members.indices.min { sums[$0] < sums[$1] })
            #expect(members[best] == index)
        }
        #expect(Self.codes(9, latent: 2).classMedoids.isEmpty)
        #expect(codes.index(at: codes.code(41)) == 41 && codes.index(at: [1]) == nil)
        #expect(codes.index(at: [Float](repeating: 0.5, count: 20)) == nil)
    }
}
