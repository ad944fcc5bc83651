/// What a pickle may call, by name. Nothing is called: a row says which plain value stands for the result.
///
/// A row returns nil when the arguments are not what the function takes.
enum PickleCallable {
    typealias Row = @Sendable (_ arguments: [Pickle.Reference], Pickle) -> Pickle.Node?

    /// Every function that is known. A new one is a new row here; any other is refused.
    static let all: [String: Row] = known.merging(harmless.map { name in (name, opaque(name)) }) { first, _ in first }

    private static let known: [String: Row] = [
        "torch._utils._rebuild_tensor_v2": { arguments, pickle in TorchTensor(arguments, in: pickle).map { .tensor($0) }
        },
        "torch._utils._rebuild_parameter": { arguments, pickle in first(arguments, pickle) },
        "torch._utils._rebuild_parameter_with_state": { arguments, pickle in first(arguments, pickle) },
        "collections.OrderedDict": { arguments, _ in arguments.isEmpty ? .dictionary([]) : nil },
        "collections.defaultdict": { _, _ in .dictionary([]) },
        "collections.Counter": { _, _ in .dictionary([]) },
    ]

    private static func opaque(_ name: String) -> Row { { _, _ in .opaque(name) } }

    /// Found among the hyper-parameters of a checkpoint. They are skipped.
    private static let harmless = [
        "torch.Size", "torch.device", "torch.dtype", "argparse.Namespace", "types.SimpleNamespace", "builtins.set",
        "builtins.slice", "__builtin__.set", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath",
        "pathlib._local.PosixPath", "numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
        "_codecs.encode", "datetime.datetime", "lightning_fabric.utilities.data.AttributeDict",
        "lightning.fabric.utilities.data.AttributeDict", "pytorch_lightning.utilities.parsing.AttributeDict",
    ]

    private static func first(_ arguments: [Pickle.Reference], _ pickle: Pickle) -> Pickle.Node? {
        guard let tensor = arguments.first, case .tensor = pickle.nodes[tensor] else { return nil }
        return pickle.nodes[tensor]
    }
}
