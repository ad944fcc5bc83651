import Drawing
import VAECore

/// The part of two latent dimensions that a map shows, out to its edges.
package struct PlaneWindow: Sendable, Equatable {
    /// A point in the middle, all dimensions.
    package var center: [Float]
    package var across: Int
    package var up: Int
    /// From the middle to the left and right edges, and to the top and bottom.
    package var reach: Float
    package var reachUp: Float

    /// - Parameter center: (latent); the reaches are in units of z.
    package init(center: [Float], across: Int, up: Int, reach: Float, reachUp: Float) {
        self.center = center
        self.across = across
        self.up = up
        self.reach = reach
        self.reachUp = reachUp
    }

    /// The window through a point: the dimensions that are not shown are the point's, and it is so far wider that the
    /// point lies inside.
    package func holding(_ point: [Float]) -> PlaneWindow {
        guard point.count == center.count, point.allSatisfy(\.isFinite), reach > 0, reachUp > 0 else { return self }
        var window = self
        window.center = point
        window.center[across] = center[across]
        window.center[up] = center[up]
        // In steps, so that the map stands still while the drawing moves a little.
        let needed = max(abs(point[across] - center[across]) / reach, up == across ? 0 : abs(point[up] - center[up]) / reachUp)
        var factor: Float = 1
        while factor < needed * 1.05, factor < 1e6 { factor *= 1.5 }
        window.reach *= factor
        window.reachUp *= factor
        return window
    }

    /// A close look at a posterior: its ellipse takes a third of the window, or a point's surroundings a sixth.
    package func close(to mean: [Float], deviation: [Float]) -> PlaneWindow {
        guard mean.count == center.count, mean.allSatisfy(\.isFinite), reach > 0, reachUp > 0 else { return self }
        var factor: Float = 1 / 6
        if deviation.count == mean.count {
            let widest = max(deviation[across] / reach, up == across ? 0 : deviation[up] / reachUp)
            factor = widest.isFinite ? max(1e-4, min(1, 3 * widest)) : 1
        }
        return PlaneWindow(center: mean, across: across, up: up, reach: reach * factor, reachUp: reachUp * factor)
    }

    /// Where a point lies: 0 at the left edge and 1 at the right; 0 at the top and 1 at the bottom. Nil for none.
    func fraction(_ z: (across: Float, up: Float)) -> (x: Double, y: Double)? {
        let x = Double((z.across - center[across]) / reach + 1) / 2
        let y = up == across ? 0.5 : Double(1 - (z.up - center[up]) / reachUp) / 2
        return x.isFinite && y.isFinite ? (x, y) : nil
    }

    /// The points in the middles of tiles that fill the window.
    package func grid(columns: Int, rows: Int) -> LatentGrid {
        LatentGrid(
            columns: columns, rows: rows, center: center, dimensions: (across, up),
            reach: reach * Float(columns - 1) / Float(columns), reachUp: reachUp * Float(rows - 1) / Float(rows))
    }
}
