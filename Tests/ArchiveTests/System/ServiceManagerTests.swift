import CLinux
import Glibc
import Testing

@testable import Archive

@Suite("Word to the service manager", .serialized)
struct ServiceManagerTests {
    @Test(arguments: [
        (ServiceManager.State.ready, "READY=1"),
        (.status("12 articles"), "STATUS=12 articles"),
        (.status("a\nREADY=1\u{1B}[2J"), "STATUS=a\\nREADY=1\\u{1b}[2J"),
        (.stopping, "STOPPING=1"),
        (.watchdog, "WATCHDOG=1"),
        (.watchdogTrigger, "WATCHDOG=trigger"),
        (.extendTimeout(seconds: 90), "EXTEND_TIMEOUT_USEC=90000000"),
        (.errno(28), "ERRNO=28"),
    ])
    func `each state has its line`(state: ServiceManager.State, text: String) {
        #expect(ServiceManager.message([state]) == text)
    }

    @Test
    func `reloading says when`() {
        let lines = ServiceManager.message([.reloading]).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        #expect(lines.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(lines.last.flatMap { Int($0.dropFirst(15)) } ?? 0 > 0)
    }

    @Test
    func `a long status is cut between characters`() {
        let text = ServiceManager.message([.status(String(repeating: "ü", count: 1000))])
        #expect(text.utf8.count <= ServiceManager.statusLimit + "STATUS=…".utf8.count)
        #expect(text.hasSuffix("ü…"))
    }

    @Test
    func `without a service manager nothing happens`() {
        unsetenv("NOTIFY_SOCKET")
        #expect(ServiceManager().notify(.ready) == false)
        #expect(ServiceManager().watchdogInterval == nil)
        #expect(ServiceManager().passedSockets().isEmpty)
    }

    @Test
    func `a message arrives whole`() throws {
        let place = TemporaryPlace()
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(number) }
        let address = try SocketAddress(path: place.file("notify"))
        #expect(address.with { bind(number, $0, $1) } == 0)
        setenv("NOTIFY_SOCKET", place.file("notify"), 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        #expect(ServiceManager().notify(.ready, .status("fine")))
        var buffer = [UInt8](repeating: 0, count: 200)
        let count = recv(number, &buffer, 200, 0)
        #expect(
            String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1\nSTATUS=fine")
    }

    @Test
    func `the watchdog is fed twice within its time`() {
        setenv("WATCHDOG_USEC", "3000000", 1)
        setenv("WATCHDOG_PID", String(getpid()), 1)
        defer {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
        }
        #expect(ServiceManager().watchdogInterval == .milliseconds(1500))
        setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceManager().watchdogInterval == nil)
    }
}
