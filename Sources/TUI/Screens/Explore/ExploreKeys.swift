import Drawing

// The keys of the Explore screen.

extension KeyBinding.Press {
    /// Keys that change what the screen shows, which is then computed anew.
    fileprivate static func changing(
        _ keys: Key..., change: @escaping @Sendable (inout AppState) -> Void
    ) -> KeyBinding.Press {
        KeyBinding.Press(keys: keys) { state in
            change(&state)
            return refresh(state)
        }
    }
}

extension ExploreScreen {
    static let walking: [KeyBinding] = [
        KeyBinding(
            "arrows hjkl", "walk one image", hint: "walk",
            .changing(.left, "h") { move(across: -1, up: 0, &$0) }, .changing(.right, "l") { move(across: 1, up: 0, &$0) },
            .changing(.up, "k") { move(across: 0, up: 1, &$0) }, .changing(.down, "j") { move(across: 0, up: -1, &$0) }),
        KeyBinding(
            "shift+arrows HJKL", "walk a tenth of an image",
            .changing(.shiftLeft, "H") { move(across: -1, up: 0, scale: 0.1, &$0) },
            .changing(.shiftRight, "L") { move(across: 1, up: 0, scale: 0.1, &$0) },
            .changing(.shiftUp, "K") { move(across: 0, up: 1, scale: 0.1, &$0) },
            .changing(.shiftDown, "J") { move(across: 0, up: -1, scale: 0.1, &$0) }),
        KeyBinding(
            "+ -", "zoom in or out around the cursor", hint: "zoom",
            .changing("+", "=") { zoom(by: 1 / 1.5, &$0) }, .changing("-", "_") { zoom(by: 1.5, &$0) }),
        KeyBinding("0", "back to the middle", hint: "centre", .on("0", do: center)),
    ]

    static let looking: [KeyBinding] = [
        KeyBinding(
            "v", "view: " + ExploreLayer.allCases.map(\.title).joined(separator: ", "), hint: "view",
            .changing("v", change: nextLayer)),
        KeyBinding("i", "equal steps in z or in probability", .changing("i", change: otherSpacing)),
        KeyBinding("e", "uncertainty of each pixel, in bits", .changing("e", change: toggleEntropy)),
        KeyBinding(
            "V", "plane: dimensions, principal components (PC), through a b c",
            hint: { $0.model.latent > 2 || !$0.explore.basis.isDimensions ? planeHint($0).map { "plane \($0)" } : nil },
            .on("V", do: nextPlane)),
        KeyBinding(
            "x y X Y", "next dimension or component across, up; X Y go back",
            .changing("x") { nextDimension(1, across: true, &$0) }, .changing("y") { nextDimension(1, across: false, &$0) },
            .changing("X") { nextDimension(-1, across: true, &$0) }, .changing("Y") { nextDimension(-1, across: false, &$0) }),
        KeyBinding("z", "dimension or component by number: 17, or 17 3", .on("z", do: askForAxes)),
        KeyBinding(
            "B", "a second model's plane beside, under one cursor; again to remove it",
            .on("B", do: CompareScreen.toggleBeside)),
        KeyBinding("c", "next class, of a conditional model", .changing("c", change: nextClass)),
    ]

    static let places: [KeyBinding] = [
        KeyBinding(
            "a b", "mark start and end of a path", hint: "path",
            .changing("a") { mark(start: true, &$0) }, .changing("b") { mark(start: false, &$0) }),
        KeyBinding("A", "mark c, the third point of a plane (V)", .changing("A", change: markThird)),
        KeyBinding("g", "walk the path, or stop", .changing("g", change: goAlong)),
        KeyBinding("o", "straight path, or around the origin", .changing("o", change: otherPathKind)),
        KeyBinding(
            "n N", "mean of the next, previous class", hint: "classes",
            .changing("n") { classMean(by: 1, &$0) }, .changing("N") { classMean(by: -1, &$0) }),
        KeyBinding(
            "u U", "medoid of the next, previous class: a typical image",
            .changing("u") { classMedoid(by: 1, &$0) }, .changing("U") { classMedoid(by: -1, &$0) }),
        KeyBinding("#", "go to the code of a held-out image, by number", .on("#", do: askForImage)),
        KeyBinding("f", "go to a place or a sum, such as . + 3 - 5", hint: "go to", .on("f", do: askForPlace)),
        KeyBinding("m", "set or remove a bookmark", .changing("m", change: toggleBookmark)),
        KeyBinding("'", "next bookmark", .changing("'", change: nextBookmark)),
        KeyBinding("p", "save the view: pictures as PNG, codes and density as SVG", .on("p") { $0.explore.layer.feature.export(&$0) }),
        KeyBinding("P", "save the path, or the run's steps, as a GIF", .on("P", do: animation)),
        KeyBinding("Backspace", "return to the previous screen", .on(.backspace, do: back)),
    ]

    static let time: [KeyBinding] = [
        KeyBinding(
            ", .", "earlier or later steps of the run",
            .on(",", "<") { travel(by: -1, &$0) }, .on(".", ">") { travel(by: 1, &$0) }),
        KeyBinding(
            "R", "replay the run from its first step; again to stop",
            hint: { $0.explore.replay != nil ? "stop" : !$0.training.isActive && $0.training.past.steps.count > 1 ? "replay the run" : nil },
            .on("R", do: replay)),
        KeyBinding("Esc", "back to the newest step; stop walking", .on(.escape, do: leave)),
        TrainScreen.pauseKey, TrainScreen.stepKey,
    ]
}
