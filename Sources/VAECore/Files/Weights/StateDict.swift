/// Finds the weights among what a PyTorch file holds: a state_dict by itself, or inside a checkpoint.
struct StateDict {
    /// Names are joined by dots where dictionaries are nested: "encoder.0.weight".
    var tensors: [(name: String, tensor: TorchTensor)] = []
    /// Where they were found, and what was left aside.
    var notes: [String] = []

    /// Under these names checkpoints keep the weights; the first that is there is taken.
    private static let names = [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "vae", "module", "generator",
        "params",
        "weights", "ema", "ema_state_dict",
    ]
    private static let deepest = 6

    private let pickle: Pickle

    /// - Throws: `CoreError(.model)` when there are no tensors with names.
    init(_ root: Pickle.Reference, in pickle: Pickle) throws(CoreError) {
        self.pickle = pickle
        var (at, path) = (root, [String]())
        while path.count < Self.deepest, tensorsDirectly(in: at).isEmpty, let next = inner(at) {
            path.append(next.name)
            at = next.reference
        }
        var seen = Set<Pickle.Reference>()
        collect(at, prefix: "", depth: 0, &seen)
        guard !tensors.isEmpty else {
            throw CoreError(
                .model, "no tensors with names in the file", at: pickle.place,
                expected: "a state_dict, or a checkpoint that has one under "
                    + Self.names.prefix(5).joined(separator: ", "),
                found: described(root), remedy: "torch.save(model.state_dict(), 'NEW.pt') in Python writes one")
        }
        if !path.isEmpty { notes.append("the weights are those under '\(path.joined(separator: "."))' in the file") }
        var names = Set<String>()
        tensors = tensors.filter { names.insert($0.name).inserted }
    }

    private func pairs(_ reference: Pickle.Reference) -> [(name: String, reference: Pickle.Reference)] {
        guard case .dictionary(let pairs) = pickle.nodes[reference] else { return [] }
        return pairs.compactMap { key, value in
            if case .text(let name) = pickle.nodes[key] { (name, value) } else { nil }
        }
    }

    private func tensorsDirectly(in reference: Pickle.Reference) -> [String] {
        pairs(reference).compactMap { name, value in
            if case .tensor = pickle.nodes[value] { name } else { nil }
        }
    }

    /// The dictionary inside that holds the weights; nil if they are here, or in several beside each other.
    private func inner(_ reference: Pickle.Reference) -> (name: String, reference: Pickle.Reference)? {
        var seen = Set<Pickle.Reference>()
        let inside = pairs(reference).filter { !Self.isAside($0.name) && holdsTensors($0.reference, &seen) }
        if let named = Self.names.lazy.compactMap({ name in inside.first { $0.name == name } }).first { return named }
        return inside.count == 1 && !["encoder", "decoder"].contains(inside[0].name) ? inside[0] : nil
    }

    /// Whether there are tensors in a dictionary, at some depth. One that was seen before is not looked at again: it
    /// held none, or it is inside itself.
    private func holdsTensors(
        _ reference: Pickle.Reference, _ seen: inout Set<Pickle.Reference>, depth: Int = 0
    ) -> Bool {
        if !tensorsDirectly(in: reference).isEmpty { return true }
        guard depth < Self.deepest, seen.insert(reference).inserted else { return false }
        for (_, value) in pairs(reference) where holdsTensors(value, &seen, depth: depth + 1) { return true }
        return false
    }

    /// What a checkpoint keeps for its training: as many tensors again, but no weights.
    private static func isAside(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["optim", "scheduler", "scaler", "rng", "hyper", "callback", "loop", "args", "config", "loss"]
            .contains { name.contains($0) }
    }

    private mutating func collect(
        _ reference: Pickle.Reference, prefix: String, depth: Int, _ seen: inout Set<Pickle.Reference>
    ) {
        guard seen.insert(reference).inserted else { return }
        for (name, value) in pairs(reference) where tensors.count < 100_000 {
            if case .tensor(let tensor) = pickle.nodes[value] {
                tensors.append((prefix + name, tensor))
            } else if depth < Self.deepest, !Self.isAside(name) {
                collect(value, prefix: prefix + name + ".", depth: depth + 1, &seen)
            }
        }
    }

    private func described(_ reference: Pickle.Reference) -> String {
        switch pickle.nodes[reference] {
        case .dictionary:
            let names = pairs(reference).prefix(8).map(\.name)
            return names.isEmpty ? "an empty dictionary" : "a dictionary with " + names.joined(separator: ", ")
        case .tensor(let tensor): return "one tensor \(tensor.shape) without a name"
        case .list(let items), .tuple(let items): return "a list of \(items.count) things"
        default: return "a single value"
        }
    }
}
