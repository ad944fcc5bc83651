/// Leaves out what wrappers put before the names of all tensors: `module.` of DistributedDataParallel, `_orig_mod.` of
/// torch.compile, the attribute under which a Lightning module keeps the model, and chains of them.
enum WrapperPrefix {
    /// Prefixes that are left out although other tensors, such as those of a loss, do not have them.
    private static let known = ["module", "_orig_mod", "model", "vae", "net", "network", "autoencoder", "ema_model"]
    /// Names of a model's own parts, which are no wrappers.
    private static let parts = ["encoder", "decoder", "enc", "dec"]

    /// - Returns: the weights under their own names, with a note that says which prefix was left out.
    static func stripped(_ weights: Weights) -> Weights {
        var (result, prefix) = (weights, "")
        while prefix.count < 200, let part = next(result) {
            let dotted = part + "."
            let before = result.tensors.count
            result = result.renamed { $0.hasPrefix(dotted) ? String($0.dropFirst(dotted.count)) : nil }
            prefix += dotted
            if result.tensors.count < before {
                result.notes.append(
                    "\(before - result.tensors.count) tensors beside those under '\(prefix)' were left aside")
            }
        }
        if !prefix.isEmpty { result.notes.insert("the names' prefix '\(prefix)' was left out", at: 0) }
        return result
    }

    /// The first part of the names, if it is a wrapper's.
    private static func next(_ weights: Weights) -> String? {
        let names = weights.tensors.map(\.name)
        guard let first = names.first?.split(separator: ".").first.map({ String($0) }),
            names.allSatisfy({ $0.contains(".") })
                || names.contains(where: { name in known.contains { name.hasPrefix($0 + ".") } })
        else { return nil }
        let isShared = names.allSatisfy { $0.hasPrefix(first + ".") }
        // What is left must still have names of two parts: "0.weight" of a bare Sequential is as far as it goes.
        let rests = names.map { $0.dropFirst(first.count + 1) }
        if isShared, !parts.contains(first), Int(first) == nil, rests.allSatisfy({ $0.contains(".") }) { return first }
        return known.first { part in
            let inside = names.filter { $0.hasPrefix(part + ".") }
            return inside.count * 2 > names.count && inside.contains { $0.dropFirst(part.count + 1).contains(".") }
        }
    }
}
