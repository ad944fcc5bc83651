import Testing
import VAECore

extension EndToEnd {
    /// The explorer's tools besides walking, with keys and mouse.
    @Suite struct ExploreToolsTests {
        @Test func viewsOfThePlane() throws {
            let terminal = try Terminal()
            try terminal.goToTheMiddle()
            let pictures = try terminal.wait(for: "the neighbours") { $0.text.contains("nearest training images") }
            try terminal.send("v")
            let codes = try terminal.wait(for: "images by class")
            #expect(Set(codes.plane.joined().filter(\.isNumber)).count == 10)
            // A click moves the cursor, here to the left of the middle and above it.
            try terminal.mouse(.press, 11, 6)
            try terminal.mouse(.release, 11, 6)
            try terminal.wait(for: "the cursor at the click") {
                $0.coordinates.count == 2 && $0.coordinates[0] < -1 && $0.coordinates[1] > 0.5
            }
            try terminal.send("v")
            try terminal.wait(for: "holes")
            try terminal.send("v")
            try terminal.wait(for: "a row for each dimension, and how far the chosen one goes") {
                $0.text.contains(">z1") && $0.text.contains(/z1 +-2\.40/)
            }
            try terminal.send("Down")
            try terminal.wait(for: ">z2")
            try terminal.send("Up")
            try terminal.wait(for: ">z1")
            try terminal.send("v", "0")
            try terminal.wait(for: "the pictures again") { $0.coordinates == [0, 0] && $0.plane == pictures.plane }
            try terminal.send("i")
            let warped = try terminal.wait(for: "equal steps in probability") { $0.text.contains("equal steps") && $0.plane != pictures.plane }
            #expect(warped.plane != pictures.plane)
            try terminal.send("i", "e")
            try terminal.wait(for: "uncertainty: ")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
        }

        @Test func placesAndPaths() throws {
            let terminal = try Terminal()
            try terminal.goToTheMiddle()
            try terminal.wait(for: "the neighbours") { $0.text.contains("nearest training images") }
            try terminal.send("n")
            let zero = try terminal.wait(for: "mean code of class 0")
            try terminal.send("f", "7", "Enter")
            let seven = try terminal.wait(for: "the sevens") { $0.coordinates != zero.coordinates && $0.text.contains("nearest: 7") }
            try terminal.send("f")
            try terminal.wait(for: "go to:")
            try terminal.send(".", "Space", "+", "x", "Enter")
            try terminal.wait(for: "the text, and what is wrong with it") {
                $0.text.contains("go to: . +x") && $0.text.contains("'x' is no place")
            }
            try terminal.send("Escape")
            try terminal.wait(for: "no prompt") { !$0.text.contains("go to: .") }
            try terminal.send("a")
            try terminal.wait(for: "a is set here")
            try terminal.send("f", "0", "Enter")
            try terminal.wait(for: "the zeros") { $0.coordinates == zero.coordinates }
            try terminal.send("b")
            try terminal.wait(for: "the path from a to b is below")
            try terminal.send("g")
            try terminal.wait(for: "the cursor on its way") {
                $0.coordinates != zero.coordinates && $0.coordinates != seven.coordinates
            }
            try terminal.send("g", "m")
            let stopped = try terminal.wait(for: "bookmark 1")
            try terminal.send("0")
            try terminal.wait(for: "the middle") { $0.coordinates == [0, 0] }
            try terminal.send("'")
            try terminal.wait(for: "the bookmark") { $0.coordinates == stopped.coordinates }
            try terminal.send("p")
            try terminal.wait(for: "wrote latent-plane-step14100.png")
            try terminal.send("P")
            try terminal.wait(for: "wrote latent-path-step14100.gif")
            // At a size for a slide.
            let plane = try PNG.decode(#require(terminal.folder.bytes("latent-plane-step14100.png")), name: "plane")
            #expect(max(plane.shape.width, plane.shape.height) >= 1280)
            #expect(terminal.folder.names().sorted() == ["latent-path-step14100.gif", "latent-plane-step14100.png"])
            try terminal.send("3")
            try terminal.wait(for: "input 1")
            try terminal.send("Down")
            try terminal.wait(for: "input 2 ")
            try terminal.send("Enter")
            try terminal.wait(for: "image 2 at its code")
            try terminal.send("BSpace")
            try terminal.wait(for: "input 2 ")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
        }

        @Test func planesOfManyDimensions() throws {
            let terminal = try Terminal(["pytorch", "--data", "mnist-5k"])
            try terminal.wait(for: "Each place is 20 numbers")
            try terminal.send("0")
            try terminal.wait(for: "the neighbours") { $0.text.contains("nearest training images") }
            try terminal.send("V")
            try terminal.wait(for: "the principal components") { $0.text.contains("% of the codes' variance") && $0.text.contains("PC 1") }
            try terminal.send("Right")
            try terminal.wait(for: "a step along the first") { $0.text.contains("PC 1  +0.800") && $0.text.contains("plane PC 1 2") }
            let marks = [("3", "a", "a is set here"), ("11", "b", "the path from a to b"), ("40", "A", "c is set here")]
            for (image, key, said) in marks {
                try terminal.send("#")
                try terminal.wait(for: "go to: #")
                for digit in image { try terminal.send(String(digit)) }
                try terminal.send("Enter")
                try terminal.wait(for: "held-out image \(image)")
                try terminal.send(key)
                try terminal.wait(for: said)
            }
            try terminal.send("V")
            try terminal.wait(for: "the plane through a, b and c")
            try terminal.send("V")
            try terminal.wait(for: "the plane of z1 and z4")
            try terminal.send("z", "1", "7", "Space", "3", "Enter")
            try terminal.wait(for: "the dimensions typed") { $0.text.contains("z17 across, z3 up") }
            try terminal.send("u")
            try terminal.wait(for: "medoid of class 0: training image")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
        }

        @Test func theRunsPast() throws {
            let terminal = try Terminal(["train", "--data", "mnist-5k", "--epochs", "2"])
            try terminal.wait(for: "trained")
            try terminal.send("2")
            let last = try terminal.wait(for: "the plane") { $0.coordinates == [0, 0] && $0.header.contains("step 36") && $0.text.contains("nearest training images") }
            try terminal.send(",", ",")
            let past = try terminal.wait(for: "a step of the past") { $0.text.contains("showing step") && $0.plane != last.plane }
            #expect(!past.header.contains("step 36"))
            try terminal.send("Escape")
            try terminal.wait(for: "the newest") {
                !$0.text.contains("showing step") && $0.header.contains("step 36") && $0.picture == last.picture
            }
            try terminal.send("q")
            try terminal.wait(for: "not saved")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
        }

        @Test func charactersAndColours() throws {
            let terminal = try Terminal()
            try terminal.goToTheMiddle()
            let first = try terminal.wait(for: "the neighbours") { $0.text.contains("nearest training images") }
            for _ in 0..<4 { try terminal.send("G") }
            try terminal.wait(for: "braille") { $0.plane.joined().unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
            try terminal.send("G")
            try terminal.wait(for: "letters") { $0.text.contains("pictures in letters") && $0.plane.joined().contains("#") }
            try terminal.send("G", "C")
            try terminal.wait(for: "the best characters again") { $0.text.contains("paper") && $0.plane != first.plane }
            try terminal.send("q")
            #expect(try terminal.status() == 0)
        }
    }
}
