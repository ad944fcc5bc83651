import Foundation
import Testing
import VAECore

private let folder = projectRoot + "/Tests/Fixtures/weights"

@Suite struct ONNXTests {
    @Test(arguments: [
        ("norm", "norm-encoder.onnx"), ("conditional", "conditional-decoder.onnx"), ("fused", "fused.onnx"),
        ("antix", "antix.onnx"), ("colour", "colour-encoder.onnx"), ("mixed", "mixed-encoder.onnx"),
        ("scattered", "scattered.onnx"),
    ])
    func exportsOfPyTorchComputeTheSame(_ name: String, _ file: String) throws {
        let model = try ModelFile.load("\(folder)/\(file)")
        #expect(model.source.kind == "ONNX")
        try ExpectedOutputs(name).check(model)
    }
}
