import VAECore

/// The keys of the Models screen.
func models(_ command: ModelsCommand, _ state: inout AppState) -> [Effect] { [] }

/// The mouse on the Models screen.
func modelsMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] { [] }

/// What came of work for the Models screen.
func modelsAnswered(_ answer: ModelsAnswer, _ state: inout AppState) -> [Effect] { [] }

/// What must be computed anew for the Models screen: when it is opened.
func modelsEffects(_ state: AppState) -> [Effect] { [] }
