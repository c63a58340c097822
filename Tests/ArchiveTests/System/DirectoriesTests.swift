import Foundation
import Glibc
import Testing

@testable import Archive

@Suite struct DirectoriesTests {
    /// Directories that are removed with this.
    private final class Place {
        let path = FileManager.default.temporaryDirectory.path + "/archived-place-\(UUID())"
        var directories: Directories {
            Directories(state: path, runtime: "\(path)/run", configuration: "\(path)/none.yaml")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test func `a second daemon is refused, and told who is there`() throws {
        let place = Place()
        let lock = try place.directories.prepare(inbox: "\(place.path)/inbox")
        let error = #expect(throws: Directories.Objection.self) {
            _ = try place.directories.prepare(inbox: "\(place.path)/inbox")
        }
        #expect(
            error?.description
                == "another archived (process \(getpid())) uses \(place.path); stop it first")
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock that a killed daemon's child still holds is waited for`() throws {
        let place = Place()
        var lock: Descriptor? = try place.directories.prepare(inbox: "\(place.path)/inbox")
        let child = try #require(lock.map { dup($0.number) })
        lock = nil
        // As the child does when `posix_spawn` has come to closing what it is not to have.
        let closing = BackgroundThread {
            usleep(30_000)
            close(child)
        }
        let began = ContinuousClock.now
        let again = try place.directories.prepare(inbox: "\(place.path)/inbox")
        #expect(ContinuousClock.now - began >= .milliseconds(10))
        closing.join()
        withExtendedLifetime(again) {}
    }
}
