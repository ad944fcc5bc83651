/// The same numbers, read as an image. It computes nothing, so it builds no layer.
struct Reshape: LayerSpecification {
    var height: Int
    var width: Int
    var channels: Int

    static let kind = "reshape"

    func build(
        _ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout
    ) throws(CoreError) -> (any Layer)? {
        let shape = ImageShape(height: height, width: width, channels: channels)
        guard min(height, width, channels) > 0, max(height, width, channels) <= Network.widthLimit,
            shape.count == flow.count
        else {
            throw CoreError(
                .configuration, "the reshape does not fit", at: "before layer \(name)",
                expected: "\(flow.count) numbers", found: shape.description)
        }
        flow = LayerFlow(shape)
        return nil
    }
}

extension LayerConfiguration {
    /// The same numbers, read as an image.
    public static func reshape(height: Int, width: Int, channels: Int) -> LayerConfiguration {
        LayerConfiguration(Reshape(height: height, width: width, channels: channels))
    }
}
