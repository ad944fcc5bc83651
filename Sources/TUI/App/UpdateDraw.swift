import VAECore

/// The keys of the Draw screen.
func draw(_ command: DrawCommand, _ state: inout AppState) -> [Effect] { [] }

/// The mouse on the Draw screen.
func drawMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] { [] }

/// What came of work for the Draw screen.
func drawn(_ answer: DrawAnswer, _ state: inout AppState) -> [Effect] { [] }

/// What must be computed anew for the Draw screen: after a new snapshot, a new size, or when it is opened.
func drawEffects(_ state: AppState) -> [Effect] { [] }
