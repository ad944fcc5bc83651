import Testing

extension EndToEnd {
    /// Walking in the latent space of a trained model.
    @Suite struct ExplorerTests {
        @Test func opensAndWalks() throws {
            let terminal = try Terminal()
            // It opens on a digit, and says what there is to see until the first key.
            let opened = try terminal.wait(for: "Each place is two numbers")
            #expect(opened.coordinates != [0, 0] && opened.coordinates.allSatisfy { abs($0) < 1.3 })
            try terminal.send("0")
            let first = try terminal.wait(for: "the explorer") { $0.coordinates == [0, 0] && $0.text.contains("q quit") }
            for tab in ["1 Train", "2 Explore", "3 Compare", "manifold"] { #expect(first.header.contains(tab)) }
            #expect(first.lines.count >= 24)
            #expect(first.text.contains("z1  +0.000  across"))
            #expect(first.plane.joined().contains { "▖▗▘▝▀▄▌▐▙▛▜▟█".contains($0) })

            try terminal.send("Right")
            let right = try terminal.wait(for: "a step to the right") { $0.coordinates.first ?? 0 > 0 }
            #expect(right.coordinates[1] == 0)
            #expect(right.picture != first.picture)
            #expect(right.footer.contains("walk") && right.footer.contains("? keys") && right.footer.contains("q quit"))

            try terminal.send("Up")
            let up = try terminal.wait(for: "a step up") { $0.coordinates.last ?? 0 > 0 }
            #expect(up.coordinates[0] == right.coordinates[0])

            try terminal.send("Left", "Down")
            try terminal.wait(for: "the middle again") { $0.coordinates == [0, 0] && $0.picture == first.picture }

            try terminal.send("S-Right")
            let fine = try terminal.wait(for: "a fine step") { $0.coordinates.first ?? 0 > 0 }
            #expect(abs(fine.coordinates[0] - right.coordinates[0] / 10) < 0.002)

            try terminal.send("l", "k", "h", "j", "L")
            try terminal.wait(for: "the same by letters") { $0.coordinates == [fine.coordinates[0] * 2, 0] }

            // Far out, the plane follows the cursor.
            for _ in 0..<5 { try terminal.send("Right") }
            let far = try terminal.wait(for: "a moved plane") { $0.coordinates.first ?? 0 > 3 }
            #expect(far.plane != first.plane)
            try terminal.send("0")
            try terminal.wait(for: "the middle") { $0.coordinates == [0, 0] && $0.picture == first.picture }

            try terminal.send("+")
            try terminal.wait(for: "a closer look") {
                $0.text.contains("-1.60") && $0.text.contains("+1.60") && $0.plane != first.plane
            }
            try terminal.send("-", "-")
            try terminal.wait(for: "a wider look") { $0.text.contains("-3.60") && $0.text.contains("+3.60") }

            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            #expect(terminal.folder.names().isEmpty)
        }

        @Test func listsTheKeys() throws {
            let terminal = try Terminal()
            try terminal.wait(for: "across")
            try terminal.send("?")
            let help = try terminal.wait(for: "PgDn: more")
            for text in ["walk one image", "zoom in or out", "back to the middle"] { #expect(help.text.contains(text)) }
            try terminal.send("NPage")
            let rest = try terminal.wait(for: "Everywhere")
            #expect(rest.text.contains("next screen") && rest.text.contains("quit"))
            try terminal.send("Escape")
            try terminal.wait(for: "no help") { !$0.text.contains("Everywhere") }
            try terminal.send("3", "?")
            #expect(try terminal.wait(for: "Everywhere").text.contains("worst first"))
            try terminal.send("q", "q")
            #expect(try terminal.status() == 0)
        }

        @Test func comparesInputsAndReconstructions() throws {
            let terminal = try Terminal()
            try terminal.wait(for: "across")
            try terminal.send("3")
            let first = try terminal.wait(for: "the losses of every image") { $0.listed.count >= 20 }
            #expect(first.text.contains("input 1") && first.text.contains("negative ELBO"))
            #expect(first.text.contains("image 1 of 500 (trained on it), class 0"))
            // The figures of a trained model, below the 206 nats of the best untrained one.
            #expect(first.listed.allSatisfy { (30..<400).contains($0.loss) })

            try terminal.send("Down")
            let next = try terminal.wait(for: "input 2 ")
            #expect(next.region(21..<80, 2..<16) != first.region(21..<80, 2..<16))

            try terminal.send("o")
            let worst = try terminal.wait(for: "worst first") { screen in
                screen.text.contains("order: worst first") && screen.text.contains("input \(screen.listed.first?.image ?? -1) ")
            }
            let losses = worst.listed.map(\.loss)
            #expect(losses == losses.sorted(by: >))
            #expect(losses[0] > first.listed.map(\.loss).max()!)

            try terminal.send("Enter")
            let plane = try terminal.wait(for: "at its code")
            #expect(plane.coordinates != [0, 0])
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func fitsEverySize() throws {
            let terminal = try Terminal()
            try terminal.goToTheMiddle()
            // A plane may come in parts: it is whole when it stays as it is.
            var (last, looks) = ([String](), 0)
            let smooth = try terminal.wait(for: "the middle") { screen in
                looks = screen.plane == last ? looks + 1 : 0
                last = screen.plane
                return screen.coordinates == [0, 0] && screen.text.contains("q quit") && looks >= 10
            }.plane
            for screen in ["2", "3", "1"] {
                try terminal.send(screen)
                try terminal.resize(200, 60)
                try terminal.wait(for: "the screen at 200×60") { $0.fills(width: 200, height: 60) }
                try terminal.resize(40, 12)
                try terminal.wait(for: "the screen at 40×12") { $0.fills(width: 40, height: 12) }
                try terminal.resize(30, 8)
                try terminal.wait(for: "latent needs 40×10")
                try terminal.resize(80, 24)
                try terminal.wait(for: "the screen at 80×24") { $0.fills(width: 80, height: 24) }
            }
            try terminal.send("2")
            try terminal.wait(for: "the first plane again") { $0.plane == smooth }
            try terminal.resize(40, 12)
            try terminal.wait(for: "z = (+0.00, +0.00)")
            try terminal.send("Right")
            try terminal.wait(for: "a step at 40×12") { $0.text.contains("z = (+") && !$0.text.contains("z = (+0.00") }
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }
    }
}

extension Screen {
    /// The lines of Compare's list.
    var listed: [(image: Int, loss: Double)] {
        lines.compactMap { line in
            guard let match = line.firstMatch(of: /^[> ] +([0-9]+) +[0-9] +([0-9]+\.[0-9]+)/),
                let image = Int(match.1), let loss = Double(match.2)
            else { return nil }
            return (image, loss)
        }
    }

    /// Whether the tabs are on the first row, the keys on the last, and nothing exceeds the width.
    func fills(width: Int, height: Int) -> Bool {
        let rows = lines.prefix(height)
        // Narrow screens name only the open tab.
        return header.contains(/1.*2.*3/) && rows.count == height && rows.last!.contains("q quit")
            && lines.allSatisfy { $0.count <= width } && lines.dropFirst(height).allSatisfy(\.isEmpty)
    }
}
