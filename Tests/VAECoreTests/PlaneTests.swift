import Testing
import VAECore

/// Planes through the latent space.
@Suite struct PlaneTests {
    private let plane = Plane(center: [0, 1, 9], across: 0, up: 1, reach: 3, reachUp: 1.5, columns: 3, rows: 3)

    @Test func placesAndPoints() {
        let linear = Plane(center: [1, -1, 9], reach: 3.5, reachUp: 2.5, columns: 7, rows: 5)
        let normal = Plane(center: [1, -1, 9], reach: 3, quantileDeviation: 0.5, columns: 7, rows: 5)
        for plane in [linear, normal] {
            for (across, up) in [(0.1, 0.9), (0.5, 0.5), (0.93, 0.2)] {
                let shares = plane.shares(of: plane.point(across, up))
                #expect(abs(shares.across - across) < 1e-6 && abs(shares.up - up) < 1e-6)
            }
            #expect(plane.point(column: 3, row: 2) == [1, -1, 9])
        }
        // The middles of the outermost pictures lie half a picture inside the edges.
        #expect(linear.point(column: 6, row: 0).map { ($0 * 1e4).rounded() / 1e4 } == [4, 1, 9])
        // The outermost of seven columns is in the middle of the last seventh: Φ⁻¹(13/14) = 1.4652.
        #expect(abs(normal.point(column: 6, row: 2)[0] - (1 + 0.5 * 1.4652)) < 1e-3)
    }

    @Test func picturesFillIt() {
        #expect(plane.point(column: 0, row: 1) == [-2, 1, 9] && plane.point(column: 2, row: 0) == [2, 2, 9])
        #expect(plane.points.count == 27 && Array(plane.points.prefix(3)) == [-2, 2, 9])
    }

    /// Of a z of one dimension the plane is a line: nothing runs up.
    @Test func aLine() {
        let line = Plane(center: [2], across: 0, up: 0, reach: 4, columns: 4, rows: 1)
        #expect(line.isLine && line.points == [-1, 1, 3, 5])
        #expect(line.shares(of: [4]) == (0.75, 0.5))
    }

    @Test func itHoldsAPoint() {
        #expect(plane.holding([2.5, 1, 4]) == plane.through([7, 7, 4]))
        #expect(plane.holding([4, 1, 9]).reach == 4.5 && plane.holding([4, 1, 9]).reachUp == 2.25)
        #expect(plane.holding([0, -1, 9]).reachUp == 2.25)
        for point: [Float] in [[.nan, 0, 0], [.infinity, 0, 0], [1, 2]] { #expect(plane.holding(point) == plane) }
        #expect(plane.holding([1e30, 0, 0]).reach.isFinite)
    }

    @Test func aCloseLook() {
        let close = plane.close(to: [1, 2, 3], deviation: [0.1, 0.02, 5])
        #expect(close.center == [1, 2, 3] && abs(close.reach - 0.3) < 1e-5 && abs(close.reachUp - 0.15) < 1e-5)
        // Without a deviation, the surroundings; never wider than the whole.
        #expect(plane.close(to: [1, 2, 3], deviation: []).reach == 0.5)
        #expect(plane.close(to: [1, 2, 3], deviation: [9, 9, 9]).reach == 3)
        #expect(plane.close(to: [1, .nan, 3], deviation: []) == plane)
    }
}
