import JSON

/// One check of `doctor`.
struct Check: Hashable {
    /// How it stands.
    enum Status: String {
        case ok
        case warning
        case failed

        /// Four characters, so that what follows is aligned.
        var mark: String {
            switch self {
            case .ok: "ok  "
            case .warning: "warn"
            case .failed: "FAIL"
            }
        }

        var style: TextStyle {
            switch self {
            case .ok: .green
            case .warning: .yellow
            case .failed: .red
            }
        }
    }

    /// What was checked.
    let name: String
    /// How it stands.
    let status: Status
    /// What was found.
    let message: String
    /// What to do about it.
    let hint: String?

    init(_ name: String, _ status: Status, _ message: String, hint: String? = nil) {
        self.name = name
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// What the user may not look at.
    static func notAllowed(_ name: String) -> Check {
        Check(name, .ok, "not allowed to look: it takes agentctl_reader")
    }

    /// The check as `--json` prints it.
    var json: JSONValue {
        [
            "check": .string(name), "status": .string(status.rawValue), "message": .string(message),
            "hint": hint.map { .string($0) } ?? .null,
        ]
    }
}
