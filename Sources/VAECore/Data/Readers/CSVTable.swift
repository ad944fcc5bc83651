/// Pictures in lines of text, a picture a line: the label, if there is one, and the pixels in rows from the top.
///
/// The text is given in blocks as it is read. Only the pixels are kept, a byte each.
struct CSVTable {
    /// The longest field that is accepted, in bytes.
    private static let longestField = 64
    /// The most columns that are accepted.
    static let mostColumns = 1 << 20
    /// The most labels that differ.
    static let mostClasses = 256

    let name: String
    let size: PictureSize?
    private(set) var layout: CSVLayout?
    /// Whether the first line was a header.
    private(set) var hasHeader = false
    /// Numbers as they stand, or 255 times those from 0 to 1 if a first one with a fraction said that they are such.
    private(set) var pixels: [UInt8] = []
    private(set) var isScaled = false
    /// The label of each line, as an index into `labelTexts`.
    private(set) var labels: [UInt16] = []
    private(set) var labelTexts: [String] = []
    private var labelIndices: [String: UInt16] = [:]
    private var tooManyLabels = false

    private var first: [String]? = []
    private var field: [UInt8] = []
    private var (line, column) = (1, 0)
    private var isQuoted = false
    private(set) var problem: CoreError?

    init(name: String, size: PictureSize?) {
        (self.name, self.size) = (name, size)
        field.reserveCapacity(Self.longestField)
    }

    /// Takes the next bytes of the file.
    /// - Returns: false when there is a `problem`, and nothing more is of use.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"):
                if !isQuoted { endField() }
            case UInt8(ascii: "\n"): endLine()
            case UInt8(ascii: "\r"), UInt8(ascii: " "): break
            default:
                field.append(byte)
                if field.count > Self.longestField { refuse("a field too long", expected: "a number") }
            }
            if problem != nil { return false }
        }
        return true
    }

    /// Ends the last line.
    mutating func finish() throws(CoreError) {
        if problem == nil { endLine() }
        if problem == nil, pixels.isEmpty {
            refuse("no pictures in the file", expected: "a line for each")
        }
        if let problem { throw problem }
    }

    private mutating func refuse(_ what: String, expected: String? = nil, found: String? = nil, remedy: String? = nil) {
        guard problem == nil else { return }
        problem = CoreError(
            .data, what, at: "\(name): line \(line), column \(column + 1)", expected: expected, found: found,
            remedy: remedy)
    }

    private mutating func endField() {
        defer {
            column += 1
            field.removeAll(keepingCapacity: true)
        }
        guard column < Self.mostColumns else {
            return refuse("too many columns", expected: "at most \(Self.mostColumns)")
        }
        guard first == nil, let layout else {
            let field = text
            first?.append(field)
            return
        }
        guard column < layout.columns else {
            return refuse("a line too long", expected: "\(layout.columns) columns", found: "more")
        }
        if column == layout.label { return addLabel(text) }
        guard !layout.ignored.contains(column) else { return }
        addPixel(layout)
    }

    private mutating func endLine() {
        let isEmpty = column == 0 && field.isEmpty
        isQuoted = false
        if !isEmpty { endField() }
        if problem == nil, !isEmpty {
            if let fields = first {
                column = 0
                begin(fields)
            } else if let layout, column != layout.columns {
                column -= 1
                refuse("a line of another length", expected: "\(layout.columns) columns", found: "\(column + 1)")
            }
        }
        line += 1
        column = 0
    }

    private var text: String { String(decoding: field, as: UTF8.self) }

    /// Takes the first line: a header, or the first picture.
    private mutating func begin(_ fields: [String]) {
        first = nil
        var fields = fields
        // A byte-order mark, which spreadsheets write.
        if fields[0].hasPrefix("\u{feff}") { fields[0].removeFirst() }
        hasHeader = !fields.dropFirst().allSatisfy { Double($0) != nil }
        guard let layout = CSVLayout(fields, hasHeader: hasHeader, size: size) else {
            return refuse(
                "the columns are no pictures", expected: size.map { "\($0.height)×\($0.width) pixels, and a label or not" }
                    ?? "a square number of pixels, and a label or not", found: "\(fields.count) columns",
                remedy: "if they are pictures that are not square, give --size HEIGHTxWIDTH")
        }
        self.layout = layout
        guard !hasHeader else { return }
        for text in fields {
            field = Array(text.utf8)
            endField()
            if problem != nil { return }
        }
    }

    private mutating func addLabel(_ text: String) {
        if let index = labelIndices[text] { return labels.append(index) }
        guard labelTexts.count < Self.mostClasses else {
            tooManyLabels = true
            return labels.append(0)
        }
        labelIndices[text] = UInt16(labelTexts.count)
        labels.append(UInt16(labelTexts.count))
        labelTexts.append(text)
    }

    @inline(__always)
    private mutating func addPixel(_ layout: CSVLayout) {
        guard pixels.count < IDX.largestPayload else {
            return refuse("too many pictures", expected: "at most \(IDX.largestPayload) pixels")
        }
        var value = 0
        for digit in field where value < 1 << 20 {
            guard digit &- 48 < 10 else { return addFraction() }
            value = value * 10 + Int(digit - 48)
        }
        guard !field.isEmpty, value <= (isScaled ? 1 : 255) else {
            return refuse("no pixel", expected: isScaled ? "0 to 1" : "0 to 255", found: "'\(text)'")
        }
        pixels.append(UInt8(isScaled ? value * 255 : value))
    }

    /// A number that is written with a point, or is none.
    private mutating func addFraction() {
        guard let value = Double(text), value >= 0, value <= 255 else {
            return refuse("no pixel", expected: "a number from 0 to 255", found: "'\(text)'")
        }
        if !isScaled, value != value.rounded() {
            guard value <= 1, pixels.allSatisfy({ $0 <= 1 }) else {
                pixels.append(UInt8(value.rounded()))
                return
            }
            isScaled = true
            for index in pixels.indices { pixels[index] *= 255 }
        }
        guard !isScaled || value <= 1 else { return refuse("no pixel", expected: "0 to 1", found: "'\(text)'") }
        pixels.append(UInt8((isScaled ? value * 255 : value).rounded()))
    }

    /// The class of each picture, and the classes' names where they are not numbers; nil, with the reason, where there are
    /// too many to be classes.
    func classes() -> (labels: [UInt8]?, names: [String]?, problem: String?) {
        guard layout?.label != nil else { return (nil, nil, nil) }
        guard !tooManyLabels else { return (nil, nil, "without labels: there are more than \(Self.mostClasses) of them") }
        let numbers = labelTexts.map { text in Double(text).flatMap { UInt8(exactly: $0) } }
        if !numbers.contains(nil) {
            let table = numbers.compactMap { $0 }
            return (labels.map { table[Int($0)] }, nil, nil)
        }
        let names = labelTexts.sorted()
        let table = labelTexts.map { text in UInt8(names.firstIndex(of: text) ?? 0) }
        return (labels.map { table[Int($0)] }, names, nil)
    }
}
