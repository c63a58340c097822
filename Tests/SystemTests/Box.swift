import Foundation
import Glibc
import Testing

/// The throwaway systemd, seen from outside.
enum Box {
    /// Whether this machine can boot one.
    static let isPossible =
        getuid() == 0 && succeeds("systemd-nspawn", ["--version"])
        && succeeds("unshare", ["--mount", "true"])

    /// Why a test that needs one was left out.
    static let requirement: Comment =
        "needs root and systemd-nspawn: apt-get install systemd-container"

    /// The directory of `Package.swift`.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs a program at the root of the repository and returns all that it printed.
    ///
    /// It is waited for on a thread of its own: the tests share a pool of few threads, and this
    /// takes long.
    static func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try wait(for: program, arguments) })
            }
        }
    }

    /// What a program came to.
    struct Outcome: Sendable {
        var status: Int32
        var output: String
    }

    private static func wait(for program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.currentDirectoryURL = root
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [program.contains("/") ? root.appending(path: program).path : program] + arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        (try? wait(for: program, arguments).status) == 0
    }
}
