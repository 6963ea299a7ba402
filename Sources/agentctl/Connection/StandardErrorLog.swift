import Glibc
import JSON
import Logging

import struct FoundationEssentials.Date

/// Writes the program's log to stderr, one line an entry: time, level, message, fields; or the same as a JSON object.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let isJSON: Bool
    private let stream = TextStream(STDERR_FILENO)

    init(level: Logger.Level, isJSON: Bool) {
        logLevel = level
        self.isJSON = isJSON
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Date().formatted(.iso8601)
        guard !isJSON else {
            var line: JSONObject = [
                "at": .string(time), "level": .string(event.level.rawValue), "message": .string("\(event.message)"),
            ]
            for field in fields where line[field.key] == nil { line[field.key] = Self.json(field.value) }
            return stream.write(stream.shown(json: JSONValue.object(line).text) + "\n")
        }
        let shown = fields.map { " \($0.key)=\(Printable.line("\($0.value)"))" }.joined()
        stream.write("\(time) \(event.level) \(Printable.line("\(event.message)"))\(shown)\n")
    }

    /// Numbers as numbers, all else as text.
    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        guard case .stringConvertible(let value) = value else { return .string("\(value)") }
        return switch value {
        case let number as Int: .integer(Int64(number))
        case let number as Double: .number(number)
        default: .string("\(value)")
        }
    }
}
