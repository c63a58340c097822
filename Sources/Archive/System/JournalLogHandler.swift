internal import CLinux
internal import CSystemd
internal import Glibc
internal import Logging

/// Writes log entries to the journal with their metadata as fields of their own.
///
/// The journal's protocol gives each field's length, so that no value can forge another field.
struct JournalLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let fallback: StderrLogHandler

    /// The metadata key whose value goes to `MESSAGE_ID` instead of a field of ours.
    static let messageIDKey = "message-id"

    init(level: Logger.Level) {
        logLevel = level
        fallback = StderrLogHandler(level: level, hasPriorityPrefix: true)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = LogFields.metadata(event, metadata, metadataProvider)
        if !Self.send(Self.fields(event, all)) { fallback.write(event, all) }
    }

    /// The fields of an entry, in the order in which they are sent.
    static func fields(_ event: LogEvent, _ metadata: [(key: String, value: String)]) -> [[UInt8]] {
        var fields = [
            field("MESSAGE", LogFields.message(event)),
            field("PRIORITY", String(LogFields.priority(event.level))),
            field("SYSLOG_IDENTIFIER", "archived"),
            field("CODE_FILE", event.file),
            field("CODE_LINE", String(event.line)),
            field("CODE_FUNC", event.function),
        ]
        for (key, value) in metadata {
            fields.append(field(key == messageIDKey ? "MESSAGE_ID" : name(key), value))
        }
        return fields
    }

    /// The name of the field for a metadata key: `file.name` becomes `ARCHIVED_FILE_NAME`.
    static func name(_ key: String) -> String {
        var name = Array("ARCHIVED_".utf8)
        for byte in key.utf8.prefix(64 - name.count) {
            switch byte {
            case 0x61...0x7A: name.append(byte - 0x20)
            case 0x41...0x5A, 0x30...0x39: name.append(byte)
            default: name.append(UInt8(ascii: "_"))
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static func field(_ name: String, _ value: String) -> [UInt8] {
        Array(name.utf8) + [UInt8(ascii: "=")] + Array(value.utf8)
    }

    /// Sends one entry; false where there is no journal.
    private static func send(_ fields: [[UInt8]]) -> Bool {
        // One buffer for all: pointers into several arrays at a time cannot be had safely.
        var flat: [UInt8] = []
        for field in fields { flat += field }
        let status = flat.withUnsafeMutableBytes { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            var parts: [iovec] = []
            var offset = 0
            for field in fields {
                parts.append(iovec(iov_base: base + offset, iov_len: field.count))
                offset += field.count
            }
            return sd_journal_sendv(parts, Int32(parts.count))
        }
        return status == 0
    }
}
