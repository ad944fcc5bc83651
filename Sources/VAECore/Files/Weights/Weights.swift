/// Named tensors as some file holds them, whatever its kind.
///
/// Names and shapes are known at once and checked against the file; the numbers are read when they are asked for.
struct Weights {
    /// One tensor: its name, the length of each dimension, and the type of its elements as the file spells it.
    struct Tensor: Equatable {
        var name: String
        var shape: [Int]
        var dtype: String
        /// Whether its elements are floating-point numbers; counters, such as how many batches a layer has seen, are
        /// not.
        var isReal: Bool

        /// How many numbers it has.
        var count: Int { shape.reduce(1, *) }
    }

    /// The file's name, for errors.
    var name: String
    /// The kind of file, for people: "safetensors".
    var kind: String
    /// Texts that the file holds beside the tensors.
    var metadata: [String: String] = [:]
    /// What was found out while reading that the user should know, a sentence each.
    var notes: [String] = []
    /// All tensors. Their names are unique.
    var tensors: [Tensor]
    /// The numbers of a tensor, row-major.
    private var read: (String) throws(CoreError) -> [Float]

    init(
        name: String, kind: String, metadata: [String: String] = [:], notes: [String] = [], tensors: [Tensor],
        read: @escaping (String) throws(CoreError) -> [Float]
    ) {
        self.name = name
        self.kind = kind
        self.metadata = metadata
        self.notes = notes
        self.tensors = tensors
        self.read = read
    }

    /// The tensor called `name`, or nil.
    subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

    /// The numbers of the tensor called `name`, row-major, all finite.
    /// - Throws: `CoreError(.model)` when there is none, or the file does not hold what it says, or a number is not finite.
    func floats(_ tensor: String) throws(CoreError) -> [Float] {
        let numbers = try read(tensor)
        if let bad = firstNonFinite(in: numbers) {
            throw CoreError(
                .model, "tensor '\(tensor)' holds a number that is not finite", at: name, expected: "finite numbers",
                found: "\(numbers[bad]) at index \(bad)",
                remedy: "the training that wrote it diverged; use an earlier snapshot")
        }
        return numbers
    }

    /// The same tensors under other names.
    /// - Parameter rename: the new name of a tensor; nil leaves the tensor out. Names must stay unique.
    func renamed(_ rename: (String) -> String?) -> Weights {
        var (tensors, old) = ([Tensor](), [String: String]())
        for var tensor in self.tensors {
            guard let name = rename(tensor.name) else { continue }
            old[name] = tensor.name
            tensor.name = name
            tensors.append(tensor)
        }
        let read = self.read
        var result = self
        result.tensors = tensors
        result.read = { name throws(CoreError) in try read(old[name] ?? name) }
        return result
    }

    /// Names and shapes in one line, for errors: at most `limit` of them.
    func listed(limit: Int = 24) -> String {
        let some = tensors.prefix(limit).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        if tensors.isEmpty { return "no tensors" }
        return tensors.count > limit ? some + " and \(tensors.count - limit) more" : some
    }
}
