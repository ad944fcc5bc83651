/// A reader of the few pickle instructions that a state_dict is made of. It builds a tree of plain values and never
/// calls anything: a function that the file names is looked up in `PickleCallable`, and any other is refused by its
/// name.
///
/// Values are kept in one array, `nodes`, and refer to each other by index: so neither nesting nor cycles cost stack.
struct Pickle {
    typealias Reference = Int

    /// A value.
    enum Node {
        case none
        case bool(Bool)
        case int(Int)
        case float(Double)
        case text(String)
        case bytes
        case tuple([Reference])
        case list([Reference])
        case dictionary([(key: Reference, value: Reference)])
        case global(String)
        case storage(TorchStorage)
        case tensor(TorchTensor)
        /// The result of something harmless that is not needed, such as a path among the hyper-parameters.
        case opaque(String)
    }

    /// The most bytes and values accepted: a thousand tensors take about 200 kB and 20,000.
    static let longest = 16 << 20
    static let mostNodes = 1 << 20

    private(set) var nodes: [Node] = []
    let place: String
    private let bytes: [UInt8]
    private var position = 0
    private var stack: [Reference] = []
    private var marks: [Int] = []
    private var memo: [Int: Reference] = [:]

    /// - Parameter place: the file, for errors.
    init(_ bytes: [UInt8], at place: String) {
        self.bytes = bytes
        self.place = place
    }

    /// Reads the whole pickle.
    /// - Returns: the value it describes.
    /// - Throws: `CoreError(.model)`: damaged, an unknown instruction, or a call that a state_dict does not make.
    mutating func read() throws(CoreError) -> Reference {
        while true {
            let code = try byte()
            if code == UInt8(ascii: ".") { return try pop() }
            try perform(code)
            guard nodes.count <= Self.mostNodes else {
                throw damaged("too many values", expected: "at most \(Self.mostNodes)")
            }
        }
    }

    // MARK: Instructions

    private mutating func perform(_ code: UInt8) throws(CoreError) {
        switch code {
        case 0x80: _ = try byte()  // PROTO
        case 0x95: _ = try take(8)  // FRAME
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "N"): push(.none)
        case 0x88: push(.bool(true))
        case 0x89: push(.bool(false))
        case UInt8(ascii: "}"): push(.dictionary([]))
        case UInt8(ascii: "]"), 0x8f: push(.list([]))
        case UInt8(ascii: ")"): push(.tuple([]))
        case UInt8(ascii: "J"), UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "G"), 0x8a, 0x8b: try number(code)
        case UInt8(ascii: "X"), UInt8(ascii: "T"): push(.text(try text(Int(clamping: try unsigned(4)))))
        case 0x8c, UInt8(ascii: "U"): push(.text(try text(Int(try byte()))))
        case 0x8d: push(.text(try text(Int(clamping: try unsigned(8)))))
        case UInt8(ascii: "C"): try skip(UInt64(try byte()))
        case UInt8(ascii: "B"): try skip(try unsigned(4))
        case 0x8e, 0x96: try skip(try unsigned(8))
        case UInt8(ascii: "t"): push(.tuple(try popMark()))
        case 0x85, 0x86, 0x87: push(.tuple(try pop(Int(code) - 0x84)))
        case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memo[Int(clamping: try unsigned(4))] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): stack.append(try remembered(Int(try byte())))
        case UInt8(ascii: "j"): stack.append(try remembered(Int(clamping: try unsigned(4))))
        case UInt8(ascii: "a"): try append(try pop(1))
        case UInt8(ascii: "e"), 0x90: try append(try popMark())
        case UInt8(ascii: "s"): try set(try pop(2))
        case UInt8(ascii: "u"): try set(try popMark())
        case UInt8(ascii: "c"): push(.global(try line() + "." + line()))
        case 0x93: try stackGlobal()
        case UInt8(ascii: "Q"): try persistent()
        case UInt8(ascii: "R"), 0x81: try call()
        case UInt8(ascii: "b"): _ = try pop()  // BUILD: attributes such as a dictionary's _metadata are not needed
        default: throw damaged("an instruction that a state_dict does not use", found: "code \(code)")
        }
    }

    private mutating func number(_ code: UInt8) throws(CoreError) {
        switch code {
        case UInt8(ascii: "J"): push(.int(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
        case UInt8(ascii: "K"): push(.int(Int(try byte())))
        case UInt8(ascii: "M"): push(.int(Int(try unsigned(2))))
        case UInt8(ascii: "G"):
            let big = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            push(.float(Double(bitPattern: big)))
        default:
            let length = code == 0x8a ? Int(try byte()) : Int(clamping: try unsigned(4))
            let digits = try take(length)
            // Numbers beyond 64 bits are no sizes: seeds of random generators among the hyper-parameters.
            guard length <= 8 else { return push(.opaque("a long number")) }
            let value = digits.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let unused = 64 - 8 * length
            push(.int(length == 0 ? 0 : Int(Int64(bitPattern: value << UInt64(unused)) >> Int64(unused))))
        }
    }

    private mutating func stackGlobal() throws(CoreError) {
        let pair = try pop(2)
        guard case .text(let module) = nodes[pair[0]], case .text(let name) = nodes[pair[1]] else {
            throw damaged("a function without a name")
        }
        push(.global("\(module).\(name)"))
    }

    private mutating func persistent() throws(CoreError) {
        guard let storage = TorchStorage(try pop(), in: self) else {
            throw damaged(
                "a reference to something that is no storage", expected: "('storage', type, key, device, count)")
        }
        push(.storage(storage))
    }

    private mutating func call() throws(CoreError) {
        let pair = try pop(2)
        guard case .global(let name) = nodes[pair[0]] else { throw damaged("a call of something that is no function") }
        guard case .tuple(let arguments) = nodes[pair[1]] else {
            throw damaged("a call of '\(name)' without arguments")
        }
        guard let callable = PickleCallable.all[name] else { throw refused(name) }
        guard let result = callable(arguments, self) else {
            throw damaged("'\(name)' with arguments that it does not take", found: "\(arguments.count) arguments")
        }
        push(result)
    }

    private func refused(_ name: String) -> CoreError {
        let isWhole = name.hasPrefix("__main__.") || name.hasPrefix("torch.nn.")
        return CoreError(
            .model, "the file calls \(name): refused", at: place,
            expected: "tensors in dictionaries, and nothing to run",
            remedy: isWhole
                ? "it holds a whole module: torch.save(model.state_dict(), 'NEW.pt') in Python, where its class is, writes the weights alone"
                : "save a state_dict alone: torch.save(model.state_dict(), 'NEW.pt'); do not trust a file that calls what weights do not need"
        )
    }

    private mutating func append(_ items: [Reference]) throws(CoreError) {
        let target = try top()
        switch nodes[target] {
        case .list(var list):
            nodes[target] = .none
            list += items
            nodes[target] = .list(list)
        case .opaque: break
        default: throw damaged("items for something that is no list")
        }
    }

    private mutating func set(_ items: [Reference]) throws(CoreError) {
        let target = try top()
        switch nodes[target] {
        case .dictionary(var pairs):
            guard items.count % 2 == 0 else { throw damaged("a key without a value") }
            nodes[target] = .none  // so that appending does not copy
            for i in stride(from: 0, to: items.count, by: 2) { pairs.append((items[i], items[i + 1])) }
            nodes[target] = .dictionary(pairs)
        case .opaque: break
        default: throw damaged("keys for something that is no dictionary")
        }
    }

    // MARK: Stack and bytes

    private mutating func push(_ node: Node) {
        stack.append(nodes.count)
        nodes.append(node)
    }

    private func top() throws(CoreError) -> Reference {
        guard let last = stack.last, stack.count > (marks.last ?? 0) else { throw damaged("a value is missing") }
        return last
    }

    private mutating func pop() throws(CoreError) -> Reference {
        let last = try top()
        stack.removeLast()
        return last
    }

    private mutating func pop(_ count: Int) throws(CoreError) -> [Reference] {
        guard stack.count - (marks.last ?? 0) >= count else { throw damaged("values are missing") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMark() throws(CoreError) -> [Reference] {
        guard let mark = marks.popLast() else { throw damaged("a mark is missing") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func remembered(_ index: Int) throws(CoreError) -> Reference {
        guard let value = memo[index] else { throw damaged("a value that was never stored", found: "number \(index)") }
        return value
    }

    private mutating func byte() throws(CoreError) -> UInt8 { try take(1)[position - 1] }

    private mutating func take(_ count: Int) throws(CoreError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw damaged("it is cut off") }
        position += count
        return bytes[position - count..<position]
    }

    private mutating func unsigned(_ count: Int) throws(CoreError) -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func text(_ count: Int) throws(CoreError) -> String {
        String(decoding: try take(count), as: UTF8.self)
    }

    private mutating func skip(_ count: UInt64) throws(CoreError) {
        _ = try take(Int(clamping: count))
        push(.bytes)
    }

    private mutating func line() throws(CoreError) -> String {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw damaged("it is cut off") }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    private func damaged(_ what: String, expected: String? = nil, found: String? = nil) -> CoreError {
        CoreError(
            .model, "the pickle in it cannot be read: \(what)", at: place, expected: expected,
            found: found ?? "at byte \(position)", remedy: "is it a state_dict, as torch.save writes it?")
    }
}
