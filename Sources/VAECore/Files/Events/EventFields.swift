/// The numbers of the fields of TensorBoard's messages that are read or written here.
///
/// Source: `event.proto`, `summary.proto`, `histogram.proto` and `tensor.proto` of TensorFlow.
enum EventFields {
    enum Event {
        static let time = 1, step = 2, version = 3, summary = 5, sessionLog = 7
    }
    enum SessionLog {
        static let status = 1
        /// The status of a session that begins: what an earlier one wrote from its step on is void.
        static let start: Int64 = 1
    }
    /// A summary is a repeated field of values.
    static let summaryValue = 1
    enum Value {
        static let tag = 1, number = 2, image = 4, histogram = 5, tensor = 8, metadata = 9
    }
    /// Metadata: the plugin's data; of these, its name.
    static let pluginData = 1, pluginName = 1
    enum Image {
        static let height = 1, width = 2, channels = 3, png = 4
    }
    enum Histogram {
        static let least = 1, greatest = 2, count = 3, sum = 4, squares = 5, limits = 6, buckets = 7
    }
    enum Tensor {
        static let type = 1, content = 4, floats = 5, doubles = 6, ints = 7, longs = 10, halves = 13
    }
    /// The first event of a file says this.
    static let version = "brain.Event:2"
}
