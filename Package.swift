// swift-tools-version: 6.2
import PackageDescription

/// One language for the whole house: Swift 6, every warning an error.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

let package = Package(
    name: "archived",
    products: [
        .executable(name: "archived", targets: ["archived"]),
        .executable(name: "archivectl", targets: ["archivectl"]),
        .library(name: "ArchiveProtocol", targets: ["ArchiveProtocol"]),
    ],
    dependencies: [
        // SQLite, the store: migrations, a writer and many readers, prepared statements. Of its
        // GRDBSQLite one call is ours: the database file is synced before the log begins anew.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // The command lines of both programs, their help, and shell completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Starts the stations in order, stops them in reverse, turns signals into graceful
        // shutdown.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The logging front end; the journal handler behind it is ours.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // Reads the YAML configuration and the house styles, and tells which key is at fault.
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    ],
    targets: [
        // What both ends of the socket say: the article, JSON-RPC, errors, a small blocking client.
        .target(name: "ArchiveProtocol", swiftSettings: house),
        // The daemon's body, one folder a station. Begin at Daemon.swift.
        .target(
            name: "Archive",
            dependencies: [
                "ArchiveProtocol", "CArchive", "CBrotli", "CCrypto", "CIsal", "CLinux",
                "CSeccomp", "CStemmer", "CSystemd", "CUchardet", "CZstd",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "archived",
            dependencies: [
                "Archive", "ArchiveProtocol",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "archivectl",
            dependencies: [
                "ArchiveProtocol",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        // Reads zip, tar and their compressions as streams.
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        // Reads pages that a server sent in Brotli, as WARC keeps them.
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"])]),
        // SHA-256 with the processor's own instructions.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Unpacks gzip twice as fast as zlib, and tells which part of a file is damaged, which
        // libarchive does not.
        .systemLibrary(
            name: "CIsal", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        // Kernel calls that the Glibc module leaves out: epoll, eventfd, accept4, syncfs, statfs.
        .systemLibrary(name: "CLinux"),
        // Confines the processes that read strangers' bytes, by the names of the kernel's calls.
        .systemLibrary(
            name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        // Tells which words are forms of one English word.
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
        // Readiness, watchdog, passed sockets and the journal.
        .systemLibrary(
            name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        // Guesses the encoding of text that nothing else tells.
        .systemLibrary(
            name: "CUchardet", pkgConfig: "uchardet", providers: [.apt(["libuchardet-dev"])]),
        // Reads web archives whose records are zstd frames, with a dictionary before them.
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        .testTarget(
            name: "ArchiveProtocolTests", dependencies: ["ArchiveProtocol"], swiftSettings: house),
        .testTarget(
            name: "ArchiveTests",
            dependencies: [
                "Archive", "ArchiveProtocol", "CArchive", "CLinux", "CZstd",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // The two built programs against each other, as a user runs them.
        .testTarget(
            name: "EndToEndTests", dependencies: ["ArchiveProtocol", "archived", "archivectl"],
            swiftSettings: house),
        // A real systemd in a container.
        .testTarget(
            name: "SystemTests", exclude: ["box.sh", "in-the-box.sh"], swiftSettings: house),
        // The rules on the code itself.
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
)

// Programs that measure the daemon's body and throw bytes at it; built on request alone
// (`Benchmarks/README.md`, `Tests/Fuzzing/run`), so that neither reaches users.
if Context.environment["ARCHIVED_MEASURE"] != nil {
    package.targets.append(
        .executableTarget(
            name: "measure", dependencies: ["Archive"], path: "Benchmarks/Measure",
            swiftSettings: house))
}
if Context.environment["ARCHIVED_FUZZ"] != nil {
    // What is ours alone; the libraries are as users have them. In one option, for of several the
    // compiler heeds the last.
    let guided = ["-sanitize=fuzzer,address"]
    for target in package.targets where ["Archive", "ArchiveProtocol"].contains(target.name) {
        target.swiftSettings = house + [.unsafeFlags(guided + ["-enable-testing"])]
    }
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Archive", "ArchiveProtocol", "CLinux"],
            path: "Tests/Fuzzing", exclude: ["run", "seeds"],
            swiftSettings: house + [.unsafeFlags(guided)],
            linkerSettings: [.unsafeFlags(guided)]))
}
