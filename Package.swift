// swift-tools-version: 6.0
import PackageDescription

// C libraries come from the system (script/setup installs them); each has a small module map.
// CTerminal, CProcessor and CFileSystem contain what Swift cannot express: signal handlers that restore
// the terminal, the switch for denormals, the hint for waiting loops and the kinds of file systems; CJPEG catches libjpeg's
// errors. CKernels contains loops that are compiled for several generations of processors. CBuild holds the commit that a
// packaged program is linked with.
let package = Package(
    name: "latent",
    products: [
        .executable(name: "latent", targets: ["latent"]),
        .library(name: "VAECore", targets: ["VAECore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .systemLibrary(name: "CNcurses"),
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CZip"),
        .systemLibrary(name: "CPNG"),
        .systemLibrary(name: "CGIF"),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CProcessor"),
        .target(name: "CFileSystem"),
        .target(name: "CKernels"),
        .target(name: "CTerminal"),
        .target(name: "CBuild"),
        .target(name: "PlainText"),
        .target(
            name: "VAECore",
            dependencies: [
                "PlainText", "COpenBLAS", "CZlib", "CZip", "CPNG", "CGIF", "CJPEG", "CProcessor", "CFileSystem",
                "CKernels",
            ]),
        // Cells, text, colours and widgets: knows neither the model nor the screens.
        .target(name: "Drawing", dependencies: ["PlainText", "CGIF"]),
        .target(name: "TUI", dependencies: ["VAECore", "Drawing", "PlainText", "CNcurses", "CTerminal"]),
        .executableTarget(
            name: "latent",
            dependencies: [
                "VAECore", "Drawing", "TUI", "PlainText", "CTerminal", "CBuild",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "VAECoreTests", dependencies: ["VAECore", "PlainText"]),
        .testTarget(name: "TUITests", dependencies: ["TUI", "Drawing", "VAECore", "PlainText"]),
        .testTarget(name: "EndToEndTests", dependencies: ["VAECore"]),
    ],
    swiftLanguageModes: [.v6]
)
