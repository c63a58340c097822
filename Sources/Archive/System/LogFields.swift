internal import Logging

/// What both log handlers take from a log entry.
enum LogFields {
    /// The metadata of the entry over that of its logger over that of the task, sorted by key.
    static func metadata(
        _ event: LogEvent, _ own: Logger.Metadata, _ provider: Logger.MetadataProvider?
    ) -> [(key: String, value: String)] {
        var all = provider?.get() ?? [:]
        all.merge(own) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
    }

    /// The message, with the error where one was given.
    static func message(_ event: LogEvent) -> String {
        guard let error = event.error else { return event.message.description }
        return "\(event.message): \(error)"
    }

    /// The level as syslog counts it.
    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
