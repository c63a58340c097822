import CLinux
import Glibc
import Logging
import Testing

@testable import Archive

@Suite("The log")
struct LogTests {
    @Test
    func `metadata become fields, and the message id its own`() {
        let fields = JournalLogHandler.fields(
            event(.warning, "kept"), [("file.name", "a\nPRIORITY=0"), ("message-id", "00ff")]
        ).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            fields == [
                "MESSAGE=kept", "PRIORITY=4", "SYSLOG_IDENTIFIER=archived", "CODE_FILE=F.swift",
                "CODE_LINE=7", "CODE_FUNC=f()", "ARCHIVED_FILE_NAME=a\nPRIORITY=0",
                "MESSAGE_ID=00ff",
            ])
    }

    @Test
    func `a field's name is what the journal takes`() {
        #expect(JournalLogHandler.name("päth") == "ARCHIVED_P__TH")
        #expect(JournalLogHandler.name(String(repeating: "x", count: 90)).utf8.count == 64)
    }

    @Test
    func `a line on the error output stays one line`() {
        let handler = StderrLogHandler(level: .info)
        let line = handler.line(
            event(.error, "two\nlines\u{1B}[31m"),
            [("file", "a b\".html"), ("message-id", "00ff"), ("n", "1")],
            at: timespec(tv_sec: 1_485_443_640, tv_nsec: 5_000_000))
        #expect(
            line
                == #"2017-01-26T15:14:00.005Z error two\nlines\u{1b}[31m file="a b\".html" n=1"#)
    }

    @Test
    func `for a journal at the other end the line begins with the level`() {
        let handler = StderrLogHandler(level: .info, hasPriorityPrefix: true)
        #expect(handler.line(event(.critical, "no"), [], at: timespec()) == "<2>no")
    }

    @Test
    func `an entry's metadata go over its logger's`() {
        var event = event(.info, "m")
        event.metadata = ["a": "entry"]
        let all = LogFields.metadata(event, ["a": "logger", "b": "logger"], nil)
        #expect(all.map(\.key) == ["a", "b"])
        #expect(all.map(\.value) == ["entry", "logger"])
    }

    @Test
    func `the journal is used where the error output is its stream`() {
        var status = stat()
        fstat(STDERR_FILENO, &status)
        #expect(LogDestination.isStream("\(status.st_dev):\(status.st_ino)", STDERR_FILENO))
        #expect(!LogDestination.isStream("\(status.st_dev):\(status.st_ino + 1)", STDERR_FILENO))
        for text in ["", ":", "1", "1:2:3", "a:b"] {
            #expect(!LogDestination.isStream(text, STDERR_FILENO))
        }
    }

    private func event(_ level: Logger.Level, _ message: Logger.Message) -> LogEvent {
        LogEvent(
            level: level, message: message, metadata: nil, source: nil, file: "F.swift",
            function: "f()", line: 7)
    }
}
