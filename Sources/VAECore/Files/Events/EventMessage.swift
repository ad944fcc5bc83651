/// One event of a TensorBoard file, to be written.
package struct EventMessage {
    private var message: ProtobufWriter

    /// - Parameters:
    ///   - step: the steps taken; of the file's first event 0.
    ///   - time: seconds since 1970.
    private init(step: Int, time: Double, _ fill: (inout ProtobufWriter) -> Void) {
        message = ProtobufWriter {
            $0.double(EventFields.Event.time, time)
            if step != 0 { $0.integer(EventFields.Event.step, Int64(step)) }
            fill(&$0)
        }
    }

    /// The event as a record of the file.
    package var record: [UInt8] { TFRecord.encode(message.bytes) }

    /// The first event of a file.
    package static func version(time: Double) -> EventMessage {
        EventMessage(step: 0, time: time) { $0.text(EventFields.Event.version, EventFields.version) }
    }

    /// A run goes on from here: what earlier files say of this step and later ones is void.
    package static func sessionStart(step: Int, time: Double) -> EventMessage {
        EventMessage(step: step, time: time) {
            $0.message(EventFields.Event.sessionLog) {
                $0.integer(EventFields.SessionLog.status, EventFields.SessionLog.start)
            }
        }
    }

    /// Values of one step.
    package static func values(_ values: [EventValue], step: Int, time: Double) -> EventMessage {
        EventMessage(step: step, time: time) {
            $0.message(EventFields.Event.summary) { summary in
                for value in values {
                    summary.message(EventFields.summaryValue) {
                        $0.text(EventFields.Value.tag, value.tag)
                        value.content.write(into: &$0)
                    }
                }
            }
        }
    }
}

/// A value under a tag.
package struct EventValue: Equatable {
    package var tag: String
    package var content: Content

    package init(_ tag: String, _ content: Content) { (self.tag, self.content) = (tag, content) }

    package enum Content: Equatable {
        /// Stored in 32 bits.
        case number(Double)
        case histogram([Double])
        /// The bytes of a PNG file of this size.
        case picture([UInt8], ImageShape)

        fileprivate func write(into value: inout ProtobufWriter) {
            switch self {
            case .number(let number): value.float(EventFields.Value.number, Float(number))
            case .histogram(let numbers):
                value.message(EventFields.Value.histogram) { EventHistogram(numbers).write(into: &$0) }
            case .picture(let png, let shape):
                value.message(EventFields.Value.image) {
                    $0.integer(EventFields.Image.height, Int64(shape.height))
                    $0.integer(EventFields.Image.width, Int64(shape.width))
                    $0.integer(EventFields.Image.channels, Int64(shape.channels))
                    $0.bytes(EventFields.Image.png, png)
                }
            }
        }
    }
}

/// The distribution of some numbers, in buckets of equal width between the least and the greatest.
struct EventHistogram {
    let numbers: [Double]
    /// The upper end of each bucket, and how many numbers are in it.
    let limits, counts: [Double]
    private static let buckets = 30

    /// - Parameter numbers: those that are not finite are left out.
    init(_ numbers: [Double]) {
        self.numbers = numbers.filter(\.isFinite)
        guard let least = self.numbers.min(), let greatest = self.numbers.max() else {
            (limits, counts) = ([], [])
            return
        }
        // All numbers the same: one bucket, which must have a width.
        let buckets = least < greatest ? Self.buckets : 1
        let width = least < greatest ? (greatest - least) / Double(buckets) : max(abs(least), 1) * 1e-6
        var counts = [Double](repeating: 0, count: buckets)
        for number in self.numbers { counts[min(buckets - 1, Int((number - least) / width))] += 1 }
        limits = (1...buckets).map { $0 == buckets && least < greatest ? greatest : least + Double($0) * width }
        self.counts = counts
    }

    func write(into message: inout ProtobufWriter) {
        message.double(EventFields.Histogram.least, numbers.min() ?? 0)
        message.double(EventFields.Histogram.greatest, numbers.max() ?? 0)
        message.double(EventFields.Histogram.count, Double(numbers.count))
        message.double(EventFields.Histogram.sum, numbers.reduce(0, +))
        message.double(EventFields.Histogram.squares, numbers.reduce(0) { $0 + $1 * $1 })
        message.doubles(EventFields.Histogram.limits, limits)
        message.doubles(EventFields.Histogram.buckets, counts)
    }
}
