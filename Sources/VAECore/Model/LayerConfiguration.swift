/// One layer of a network, as a configuration states it.
public enum LayerConfiguration: Sendable, Hashable, Codable {
    /// Fully connected, `units` outputs; an image before it is read as one row of numbers.
    case linear(units: Int, activation: Activation)
    /// Convolution with a square kernel.
    case convolution(filters: Int, kernel: Int, stride: Int, padding: Padding, activation: Activation)
    /// Transposed convolution with a square kernel: an image `stride` times as large.
    case transposedConvolution(filters: Int, kernel: Int, stride: Int, padding: Padding, activation: Activation)
    /// The same numbers read as an image. Not a layer of its own: nothing is computed.
    case reshape(height: Int, width: Int, channels: Int)

    /// As it stands in a summary: `400`, `conv32`, `deconv64`; nil for a reshape.
    var label: String? {
        switch self {
        case .linear(let units, _): "\(units)"
        case .convolution(let filters, _, _, _, _): "conv\(filters)"
        case .transposedConvolution(let filters, _, _, _, _): "deconv\(filters)"
        case .reshape: nil
        }
    }

    /// The function applied to its outputs; nil for a reshape.
    public var activation: Activation? {
        switch self {
        case .linear(_, let activation): activation
        case .convolution(_, _, _, _, let activation), .transposedConvolution(_, _, _, _, let activation): activation
        case .reshape: nil
        }
    }

    /// The same layer with another activation.
    public func with(activation: Activation) -> LayerConfiguration {
        switch self {
        case .linear(let units, _): .linear(units: units, activation: activation)
        case .convolution(let filters, let kernel, let stride, let padding, _):
            .convolution(filters: filters, kernel: kernel, stride: stride, padding: padding, activation: activation)
        case .transposedConvolution(let filters, let kernel, let stride, let padding, _):
            .transposedConvolution(
                filters: filters, kernel: kernel, stride: stride, padding: padding, activation: activation)
        case .reshape: self
        }
    }
}

/// The decoder's last layer, which gives every pixel its likelihood's parameters.
public enum OutputConfiguration: Sendable, Hashable, Codable {
    /// Fully connected.
    case linear
    /// Transposed convolution, padding `same`, one filter a channel of the image. For likelihoods with one number
    /// a pixel.
    case transposedConvolution(kernel: Int, stride: Int)
}
