import Foundation
import Glibc
import Testing

/// What the units promise, proved under a real systemd in a throwaway box (`box.sh`).
@Suite(.serialized) struct SystemTests {
    @Test(.enabled(if: Box.isPossible, Box.requirement), .timeLimit(.minutes(60)))
    func `the installed units keep what they promise under a real systemd`() async throws {
        let payload = FileManager.default.temporaryDirectory
            .appending(path: "archived-payload-\(getpid())")
        defer { try? FileManager.default.removeItem(at: payload) }

        let installation = try await Box.run(
            "make",
            [
                "--no-print-directory", "build", "install", "DESTDIR=\(payload.path)",
                "prefix=/usr",
            ])
        try #require(installation.status == 0, "make install: \(installation.output)")

        let proof = try await Box.run(
            "Tests/SystemTests/box.sh", [payload.path, "Tests/SystemTests/in-the-box.sh"])
        print(proof.output)
        let failed = proof.output.split(separator: "\n").filter { $0.hasPrefix("FAILED") }
        #expect(failed.isEmpty, "\(failed.joined(separator: "\n"))")
        #expect(proof.status == 0)
        #expect(proof.output.contains("checks, 0 failed"))
    }

    @Test(.enabled(if: Box.isPossible, Box.requirement), .timeLimit(.minutes(5)))
    func `a failed check inside the box is a failure outside`() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "archived-failing-\(getpid())")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(
            at: directory.appending(path: "payload"), withIntermediateDirectories: true)
        let script = directory.appending(path: "script")
        try Data("#!/bin/sh\necho to the outside\nexit 3\n".utf8).write(to: script)

        let proof = try await Box.run(
            "Tests/SystemTests/box.sh", [directory.appending(path: "payload").path, script.path])
        #expect(proof.status == 3)
        #expect(proof.output.hasPrefix("to the outside\n"))
    }
}
