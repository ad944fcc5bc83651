import ArgumentParser
import Foundation
import VAECore

/// What is kept of a run while it trains.
struct RecordOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Seconds between two checkpoints, from which --resume continues; 0 makes them as often as the disk can.")
    var checkpointEvery = 60.0
    @Option(
        parsing: .unconditional,
        help: "How many steps' parameters are kept in the run's folder for looking back, as far as 128 MB hold; 0 keeps none.")
    var snapshots = 64
    @Flag(help: "Store those with 16 bits a number.")
    var halfSnapshots = false
    @Flag(
        inversion: .prefixedNo,
        help: "Write TensorBoard's event files under train/ and test/ of the run's folder (default: when there is no screen).")
    var tensorboard: Bool?

    func validate() throws {
        guard checkpointEvery >= 0, checkpointEvery <= 1e6 else {
            throw ValidationError("--checkpoint-every: expected 0 to 1000000 seconds, found \(checkpointEvery)")
        }
        guard (0...1000).contains(snapshots) else {
            throw ValidationError("--snapshots: expected 0 to 1000, found \(snapshots)")
        }
    }

    /// - Parameter isLive: whether the run has a screen.
    func options(isLive: Bool) -> RunRecorder.Options {
        var options = Self.standard
        options.writesEvents = tensorboard ?? !isLive
        options.seconds = checkpointEvery
        options.snapshots = .init(limit: snapshots, isHalf: halfSnapshots)
        return options
    }

    /// As without options on the command line.
    static var standard: RunRecorder.Options {
        var options = RunRecorder.Options()
        options.clock = timeOfDay
        return options
    }
}

/// The local time, as in `14:32:05`.
@Sendable func timeOfDay() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return String(format: "%02d:%02d:%02d", parts.tm_hour, parts.tm_min, parts.tm_sec)
}
