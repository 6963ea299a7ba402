import Glibc
import Logging

import struct FoundationEssentials.Date

/// Writes the program's log to stderr, one line an entry: time, level, message, fields.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let stream = TextStream(STDERR_FILENO)

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let shown = fields.map { " \($0.key)=\(Printable.line("\($0.value)"))" }.joined()
        let time = Date().formatted(.iso8601)
        stream.write("\(time) \(event.level) \(Printable.line("\(event.message)"))\(shown)\n")
    }
}
