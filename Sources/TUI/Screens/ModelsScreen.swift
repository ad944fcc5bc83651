import VAECore

func drawModels(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {}
