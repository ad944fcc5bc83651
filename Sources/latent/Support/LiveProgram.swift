import TUI
import VAECore

enum LiveProgram {
    static func train(options: TrainingOptions, data: String?, drawing: DrawingOptions, out: String?) throws {}
}
