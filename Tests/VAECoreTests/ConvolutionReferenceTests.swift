import Testing
import VAECore

/// The sizes of a convolution or a transposed convolution.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
    /// The larger side: the input of a convolution, the output of its transpose.
    var height, width, channels: Int
    /// Channels of the smaller side.
    var columns: Int
    var kernel, stride: Int
    var padding: Padding
    var testDescription: String {
        "\(height)x\(width)x\(channels), \(columns) of \(kernel)x\(kernel), stride \(stride), \(padding.rawValue)"
    }

    /// Channels below, at and above 8 and 16; kernels that the stride divides or does not; images that the places cover
    /// exactly, and images with an edge left over.
    static let all: [ConvolutionCase] = [
        .init(height: 5, width: 7, channels: 1, columns: 1, kernel: 3, stride: 2, padding: .valid),
        .init(height: 13, width: 9, channels: 3, columns: 17, kernel: 3, stride: 2, padding: .valid),
        .init(height: 12, width: 8, channels: 1, columns: 33, kernel: 3, stride: 2, padding: .same),
        .init(height: 9, width: 6, channels: 9, columns: 20, kernel: 5, stride: 3, padding: .same),
        .init(height: 7, width: 11, channels: 19, columns: 5, kernel: 4, stride: 1, padding: .same),
        .init(height: 6, width: 5, channels: 31, columns: 50, kernel: 2, stride: 1, padding: .valid),
        .init(height: 8, width: 12, channels: 8, columns: 7, kernel: 3, stride: 4, padding: .same),
        .init(height: 10, width: 10, channels: 2, columns: 13, kernel: 6, stride: 2, padding: .same),
        .init(height: 4, width: 4, channels: 18, columns: 3, kernel: 4, stride: 2, padding: .valid),
        .init(height: 14, width: 11, channels: 5, columns: 18, kernel: 3, stride: 3, padding: .valid),
        .init(height: 11, width: 7, channels: 10, columns: 9, kernel: 3, stride: 2, padding: .same),
        .init(height: 1, width: 1, channels: 12, columns: 23, kernel: 1, stride: 1, padding: .same),
    ]

    var geometry: ConvolutionGeometry {
        ConvolutionGeometry(
            over: ImageShape(height: height, width: width, channels: channels), kernel: kernel, stride: stride,
            padding: padding)
    }
    /// The number of places along a side, and of zeros before its first pixel.
    private func side(_ n: Int) -> (places: Int, before: Int) {
        guard padding == .same else { return ((n - kernel) / stride + 1, 0) }
        let places = Int((Double(n) / Double(stride)).rounded(.up))
        return (places, max(0, (places - 1) * stride + kernel - n) / 2)
    }
    var placesDown: Int { side(height).places }
    var placesAcross: Int { side(width).places }
    var pixelCount: Int { height * width * channels }
    var valueCount: Int { placesDown * placesAcross * columns }
    var weightCount: Int { kernel * kernel * channels * columns }

    /// Calls `body` for every multiplication in the convolution of one image, with the indices of a number on the larger
    /// side, a weight, and a number on the smaller side.
    func eachProduct(_ body: (_ pixel: Int, _ weight: Int, _ value: Int) -> Void) {
        let (above, left, placesAcross) = (side(height).before, side(width).before, placesAcross)
        for down in 0..<placesDown {
            for across in 0..<placesAcross {
                for ky in 0..<kernel {
                    for kx in 0..<kernel {
                        let (y, x) = (down * stride - above + ky, across * stride - left + kx)
                        guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
                        for channel in 0..<channels {
                            for column in 0..<columns {
                                body(
                                    (y * width + x) * channels + channel,
                                    ((ky * kernel + kx) * channels + channel) * columns + column,
                                    (down * placesAcross + across) * columns + column)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Convolutions and transposed convolutions against plain loops in double precision.
@Suite struct ConvolutionReferenceTests {
    static let rows = 3

    /// The products of a convolution, from pixels (rows, larger side), values (rows, smaller side) and weights.
    struct Expected {
        /// pixels ∗ weights, without biases: the forward pass of a convolution, the backward pass of its transpose.
        var places: [Float]
        /// The sum of the values' multiples of the weights: the backward pass of a convolution, the forward pass of its
        /// transpose.
        var image: [Float]
        /// The gradient of the weights, summed over the rows.
        var gradient: [Float]

        init(_ test: ConvolutionCase, _ pixels: [Float], _ values: [Float], _ weights: [Float]) {
            var places = [Double](repeating: 0, count: rows * test.valueCount)
            var image = [Double](repeating: 0, count: rows * test.pixelCount)
            var gradient = [Double](repeating: 0, count: test.weightCount)
            for row in 0..<rows {
                test.eachProduct { p, w, v in
                    let (pixel, value) = (row * test.pixelCount + p, row * test.valueCount + v)
                    places[value] += Double(pixels[pixel]) * Double(weights[w])
                    image[pixel] += Double(values[value]) * Double(weights[w])
                    gradient[w] += Double(pixels[pixel]) * Double(values[value])
                }
            }
            (self.places, self.image, self.gradient) = (places.map(Float.init), image.map(Float.init), gradient.map(Float.init))
        }
    }

    static func buffer(_ values: [Float]) -> FloatBuffer {
        let buffer = FloatBuffer(count: values.count)
        buffer.assign(values)
        return buffer
    }

    /// A buffer for `count` floats, followed by 32 that must not be written.
    static func empty(_ count: Int) -> FloatBuffer { buffer([Float](repeating: .nan, count: count + 32)) }

    func expect(_ ours: FloatBuffer, _ reference: [Float], _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let (values, past) = (Array(ours.array.prefix(reference.count)), ours.array.suffix(32))
        #expect(relativeError(values, reference) < 1e-5, "\(what)", sourceLocation: sourceLocation)
        #expect(past.allSatisfy { $0.isNaN }, "\(what): written past the end", sourceLocation: sourceLocation)
    }

    /// The three products of both layers, with the code of every generation that this processor can run; the gradient also
    /// kernel row by kernel row, as workers compute it.
    @Test(arguments: ConvolutionCase.all, 1...Products.generation)
    func productsAgreeWithPlainLoops(_ test: ConvolutionCase, _ generation: Int32) {
        let rows = Self.rows
        let pixels = normals(rows * test.pixelCount, seed: 1), values = normals(rows * test.valueCount, seed: 2)
        let weights = normals(test.weightCount, seed: 3), expected = Expected(test, pixels, values, weights)
        let (x, v, w) = (Self.buffer(pixels), Self.buffer(values), Self.buffer(weights))
        let kernel = ConvolutionKernel(
            geometry: test.geometry, columns: test.columns, weightOffset: 0, generation: generation)
        let scratch = Self.empty(kernel.scratchCount)
        let places = Self.empty(rows * test.valueCount), image = Self.empty(rows * test.pixelCount)
        kernel.toPlaces(w.pointer, rows: rows, x.pointer, bias: nil, places.pointer, scratch: scratch.pointer)
        expect(places, expected.places, "image to places")
        kernel.toImage(w.pointer, rows: rows, v.pointer, bias: nil, image.pointer, scratch: scratch.pointer)
        expect(image, expected.image, "places to image")
        let row = test.weightCount / test.kernel
        for parts in [[0..<test.kernel], (0..<test.kernel).map { $0..<$0 + 1 }] {
            for part in parts {
                let gradient = Self.empty(part.count * row)
                kernel.gradient(kernelRows: part, rows: rows, x.pointer, v.pointer, gradient.pointer)
                expect(
                    gradient, Array(expected.gradient[part.lowerBound * row..<part.upperBound * row]), "gradient of \(part)")
            }
        }
        #expect(scratch.array.suffix(32).allSatisfy { $0.isNaN }, "scratch written past its end")
    }

    /// The layers themselves, with their biases.
    @Test(arguments: ConvolutionCase.all, [false, true])
    func layersAgreeWithPlainLoops(_ test: ConvolutionCase, _ transposed: Bool) throws {
        let (rows, places) = (Self.rows, ImageShape(height: test.placesDown, width: test.placesAcross, channels: test.columns))
        let image = ImageShape(height: test.height, width: test.width, channels: test.channels)
        let configuration: LayerConfiguration = transposed
            ? .transposedConvolution(
                filters: test.channels, kernel: test.kernel, stride: test.stride, padding: test.padding, activation: .identity)
            : .convolution(
                filters: test.columns, kernel: test.kernel, stride: test.stride, padding: test.padding, activation: .identity)
        let network = try Network(
            ModelConfiguration(image: transposed ? places : image, latent: 1, encoder: [configuration], decoder: []))
        let layer = network.encoder[0]
        // Several images have these places, but a transposed convolution can output only one of them.
        guard !transposed || layer.outputCount == image.count else { return }
        let parameters = Self.buffer(normals(network.parameterCount, seed: 4))
        let bias = try #require(network.layout["encoder.0.bias"])
        let pixels = normals(rows * test.pixelCount, seed: 1), values = normals(rows * test.valueCount, seed: 2)
        let weights = try #require(network.layout["encoder.0.weight"]).range.map { parameters[$0] }
        let expected = Expected(test, pixels, values, weights)
        let (input, outputGradient) = transposed ? (values, pixels) : (pixels, values)
        let x = Self.buffer(input), dy = Self.buffer(outputGradient)
        let y = Self.empty(rows * layer.outputCount), dx = Self.empty(rows * layer.inputCount)
        let scratch = Self.buffer([Float](repeating: .nan, count: layer.scratchCount(rows: rows)))
        layer.forward(parameters.pointer, rows: rows, x.pointer, y.pointer, scratch: scratch.pointer)
        let product = transposed ? expected.image : expected.places
        expect(y, product.enumerated().map { $1 + parameters[bias.offset + $0 % bias.count] }, "forward")
        layer.backward(parameters.pointer, rows: rows, x.pointer, y.pointer, dy.pointer, dx.pointer, scratch: scratch.pointer)
        expect(dx, transposed ? expected.places : expected.image, "backward")
        let sums = (0..<bias.count).map { channel in
            Float(stride(from: channel, to: outputGradient.count, by: bias.count).reduce(0.0) { $0 + Double(outputGradient[$1]) })
        }
        let gradient = Self.empty(weights.count + bias.count)
        layer.weightGradient(
            units: 0..<layer.weightUnits, rows: rows, x.pointer, dy.pointer, gradient.pointer, scratch: scratch.pointer)
        expect(gradient, expected.gradient + sums, "gradient")
    }
}
