import VAECore

func drawDraw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {}
