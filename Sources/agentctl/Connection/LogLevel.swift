import Logging

/// The variable that says how much is logged.
enum LogLevel {
    static let variable = "AGENTCTL_LOG_LEVEL"

    /// Rejects an unknown level: a misspelt one would hide the entries that were asked for.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/usage``.
    static func check(_ environment: [String: String]) throws {
        guard let level = environment[variable], !level.isEmpty, Logger.Level(rawValue: level) == nil else { return }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
            .usage,
            code: "usage",
            "\(variable) is \"\(level)\", which is no level of the log",
            hint: "It is one of \(levels)."
        )
    }
}
