// The messages of onnx.proto3 that a graph of layers is made of, by the numbers of their fields, which have not changed
// since IR version 3. Reading: ONNXReader; writing: ONNXWriter.

/// A model: a graph, and texts about it.
struct ONNXModel: Equatable {
    /// The version of the operators of the standard domain.
    var opset = 0
    var producer = ""
    var metadata: [String: String] = [:]
    var graph = ONNXGraph()
}

/// Nodes in the order of computation, and the constants that they use.
struct ONNXGraph: Equatable {
    var name = ""
    var nodes: [ONNXNode] = []
    var initializers: [ONNXTensor] = []
    var inputs: [ONNXValue] = []
    var outputs: [ONNXValue] = []
}

/// An operator applied to named values.
struct ONNXNode: Equatable {
    var kind: String
    var name = ""
    var domain = ""
    var inputs: [String]
    var outputs: [String]
    var attributes: [String: ONNXAttribute] = [:]

    /// What it is called in messages.
    var label: String {
        "node '\(name.isEmpty ? outputs.first ?? "" : name)' (\(domain.isEmpty ? "" : domain + ".")\(kind))"
    }
}

/// A constant option of a node.
enum ONNXAttribute: Equatable {
    case float(Float)
    case integer(Int)
    case text(String)
    case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int])
    /// A graph inside the node, or something else that is not read.
    case other
}

/// A constant.
struct ONNXTensor: Equatable {
    /// The numbers, wherever the file keeps them.
    enum Content: Equatable {
        case floats([Float])
        case integers([Int])
        case raw(ArraySlice<UInt8>)
        /// In another file beside this one.
        case external(location: String, offset: Int, length: Int?)
    }

    var name = ""
    var shape: [Int] = []
    /// The number of its type: 1 float32, 6 int32, 7 int64, 9 bool, 10 float16, 11 float64, 16 bfloat16.
    var type = 1
    var content = Content.floats([])

    /// How many numbers its shape has; nil if it is negative or has no end.
    var count: Int? {
        var product = 1
        for length in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else { return nil }
            product = next
        }
        return product
    }
}

/// An input or an output of a graph: its name and shape; -1 is a dimension that is not said, such as the batch.
struct ONNXValue: Equatable {
    var name = ""
    var shape: [Int]?
}
