import Drawing
import Foundation
import VAECore

/// Pictures to a PNG in the working folder.
package struct ExportPictures: Job {
    /// What they are, for the file's name: "plane".
    package var name: String
    package var shape: ImageShape
    /// (n, pixels), a row after another.
    package var pictures: [Float]
    package var columns: Int
    /// The step they were decoded at.
    package var step: Int
    package var folder: String

    package var policy: JobPolicy { .each(.files) }

    package func run(on bench: Bench) throws -> String? {
        let sheet = PictureSheet(pictures, of: shape, columns: columns).forSlide
        return try writeExport("\(name)-step\(step)", "png", in: folder) { path throws(CoreError) in
            try PNG.write(sheet.bytes, shape: sheet.shape, to: path)
        }
    }

    package func finish(_ path: String, _ state: inout AppState) -> [Effect] { exported(path, &state) }
}

/// A part of the screen to an SVG in the working folder.
package struct ExportDrawing: Job {
    /// What it is, for the file's name: "codes".
    package var name: String
    package var svg: String
    package var step: Int
    package var folder: String

    package var policy: JobPolicy { .each(.files) }

    package func run(on bench: Bench) throws -> String? {
        try writeExport("\(name)-step\(step)", "svg", in: folder) { path throws(CoreError) in
            try AtomicFile.write([UInt8](svg.utf8), to: path)
        }
    }

    package func finish(_ path: String, _ state: inout AppState) -> [Effect] { exported(path, &state) }
}

/// Points of the latent space one after another, each four times its size, to a GIF.
package struct ExportAnimation: Job {
    package var model: ModelAt
    package var points: [[Float]]
    package var label: Int?

    package var policy: JobPolicy { .each() }

    package func run(on bench: Bench) throws -> String? {
        let shape = model.snapshot.network.configuration.image
        return try writeFrames(
            points.count, "path-step\(model.snapshot.step)", centiseconds: 8, in: model.session.exportFolder
        ) { frame in
            PictureSheet(bench.decode(points[frame], label: label, model.snapshot), of: shape, columns: 1).enlarged(4)
        }
    }

    package func finish(_ path: String, _ state: inout AppState) -> [Effect] { exported(path, &state) }
}

/// The plane at each of some steps, twice its size, to a GIF.
package struct ExportTimeLapse: Job {
    package var snapshots: [ParameterSnapshot]
    package var plane: Plane
    package var label: Int?
    package var folder: String

    package var policy: JobPolicy { .each() }

    package func run(on bench: Bench) throws -> String? {
        try writeFrames(snapshots.count, "steps-to-\(snapshots.last?.step ?? 0)", centiseconds: 25, in: folder) { frame in
            let snapshot = snapshots[frame]
            let pictures = bench.decode(plane.points, label: label, snapshot)
            return PictureSheet(pictures, of: snapshot.network.configuration.image, columns: plane.columns).enlarged(2)
        }
    }

    package func finish(_ path: String, _ state: inout AppState) -> [Effect] { exported(path, &state) }

    package static func == (a: ExportTimeLapse, b: ExportTimeLapse) -> Bool {
        a.snapshots.elementsEqual(b.snapshots, by: ===) && a.plane == b.plane && a.label == b.label && a.folder == b.folder
    }
}

// MARK: Asking for them

extension ExploreScreen {
    /// The path there and back, or without one, the plane over the run's steps, as an animation in a file.
    static func animation(_ state: inout AppState) -> [Effect] {
        let explore = state.explore
        if explore.path.ends != nil {
            guard let ends = pathEnds(&state) else { return [] }
            let there = explore.path.kind.points(from: ends.start, to: ends.end, count: 24)
            let points = there + there.dropFirst().dropLast().reversed()
            return [.job(ExportAnimation(model: state.shown.now, points: points, label: explore.label))]
        }
        guard state.training.past.steps.count > 1 else {
            state.message = .init(text: "nothing to animate: mark a path with a and b, or train with t, then press P")
            return []
        }
        return [
            .job(
                ExportTimeLapse(
                    snapshots: state.training.past.all, plane: ExploreLayout(state).plane(explore), label: explore.label,
                    folder: state.shown.session.exportFolder))
        ]
    }
}

/// Pictures of the step on show to a file named after what they are.
func exportPictures(_ name: String, _ pictures: [Float], columns: Int, _ state: AppState) -> [Effect] {
    [
        .job(
            ExportPictures(
                name: name, shape: state.model.shape, pictures: pictures, columns: columns,
                step: state.explore.pictures.step, folder: state.shown.session.exportFolder))
    ]
}

/// What is seen in a part of the screen, as a drawing.
func exportDrawing(_ name: String, _ rect: Rect, _ state: AppState) -> [Effect] {
    var canvas = Canvas(width: state.width, height: state.height)
    render(state, into: &canvas)
    let svg = canvas.readable(state.capabilities).svg(rect, background: state.capabilities.background)
    return [
        .job(ExportDrawing(name: name, svg: svg, step: state.model.step, folder: state.shown.session.exportFolder))
    ]
}

// MARK: Files

private func exported(_ path: String, _ state: inout AppState) -> [Effect] {
    state.message = .init(text: "wrote \(path)")
    return []
}

/// Frames are made one at a time: a run's time-lapse at once would take much memory.
private func writeFrames(
    _ count: Int, _ name: String, centiseconds: Int, in folder: String, frame: (Int) -> PictureSheet
) throws -> String? {
    guard count > 0 else { throw CoreError(.file, "there is nothing to write", at: name) }
    let first = frame(0)
    return try writeExport(name, "gif", in: folder) { path throws(CoreError) in
        try GIF.write(count: count, shape: first.shape, centiseconds: centiseconds, to: path) {
            $0 == 0 ? first.bytes : frame($0).bytes
        }
    }
}

/// Writes a file under a name that is free.
private func writeExport(
    _ name: String, _ kind: String, in folder: String, _ write: (String) throws(CoreError) -> Void
) throws(CoreError) -> String {
    let prefix = folder.isEmpty ? "" : folder + "/"
    var path = "\(prefix)latent-\(name).\(kind)"
    var number = 2
    while FileManager.default.fileExists(atPath: path), number < 10_000 {
        path = "\(prefix)latent-\(name)-\(number).\(kind)"
        number += 1
    }
    try write(path)
    return path
}
