import Conversation
import EmbeddedPostgres
import Engine
import JSON
import Postgres
import Store

/// Why a command failed, as the user reads it.
struct CommandFailure: Error {
    /// What the process ends with.
    let status: ExitStatus
    /// The kind of failure, for programs.
    let code: String
    /// What happened.
    let message: String
    /// What to do about it.
    let hint: String?
    /// Everything that is wrong with documents.
    let mistakes: [LocatedMistake]
    /// Whether the message that was sent is stored: its turn, `no` or `unknown`; nil where nothing was sent.
    private(set) var stored: String?

    init(
        _ status: ExitStatus,
        code: String,
        _ message: String,
        hint: String? = nil,
        mistakes: [LocatedMistake] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.mistakes = mistakes
    }

    /// Makes a failure of whatever was thrown.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as StoreError: self.init(error)
        case let error as PostgresError: self.init(StoreError(error))
        case let error as PostgresServerError: self.init(error)
        case let error as ToolError:
            self.init(.refused, code: error.code.description, error.message, hint: error.hint)
        case is CancellationError: self.init(.interrupted, code: "interrupted", "interrupted")
        default: self.init(.failed, code: "failed", "\(error)")
        }
    }

    init(_ error: StoreError) {
        let status: ExitStatus =
            switch error.code {
            case .invalid, .refused, .notPermitted: .refused
            case .notFound: .notFound
            case .unreachable, .unavailable: .unreachable
            case .cancelled: .interrupted
            default: .failed
            }
        guard error.code != .notMigrated else {
            // Seeds are for a database that has nothing yet.
            let isThere = error.underlying == nil || !error.isMissingSchema
            self.init(
                status,
                code: error.code.description,
                error.underlying == nil ? error.message : "the database does not have the schema of this release",
                hint: isThere ? "Run: agentctl init-db" : "Run: agentctl init-db --seed"
            )
            return
        }
        self.init(status, code: error.code.description, error.message, hint: error.hint)
    }

    init(_ error: PostgresServerError) {
        let status: ExitStatus = error.code == .cancelled ? .interrupted : .unreachable
        self.init(status, code: "database_server", error.description)
    }

    /// Why a message could not be sent.
    ///
    /// - Parameters:
    ///   - error: What the database said, or that it said nothing.
    ///   - conversation: Where it was sent.
    ///   - hasKey: Whether it has an idempotency key, with which it can be sent again.
    init(unsent error: StoreError, to conversation: String, hasKey: Bool) {
        let failure = CommandFailure(error)
        let isKnown = !error.mayHaveBeenCarriedOut
        let message = isKnown ? "the message is not stored" : "whether the message is stored is not known"
        let advice =
            hasKey
            ? "Send it again with the same key: it is stored once." : "See: agentctl conversations show \(conversation)"
        self.init(
            failure.status,
            code: failure.code,
            "\(failure.message); \(message)",
            hint: isKnown ? failure.hint : advice
        )
        stored = isKnown ? "no" : "unknown"
    }

    /// The failure of a command whose message is stored.
    ///
    /// - Parameter turn: The turn that answers it, CONVERSATION/SEQ.
    func ofStored(_ turn: String) -> CommandFailure {
        // What it takes for the turn to go on is said as well.
        let advice = hint.map { $0.contains("See: ") ? "" : "\($0) " } ?? ""
        var failure = CommandFailure(
            status,
            code: code,
            "\(message); the message is stored as \(turn)",
            hint: "\(advice)See: agentctl trace \(turn)",
            mistakes: mistakes
        )
        failure.stored = turn
        return failure
    }

    /// The failure as `--json` prints it, on stderr.
    ///
    /// - Parameter hint: The hint as it is to be printed.
    func json(hint: String?) -> JSONValue {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        error["hint"] = hint.map { .string($0) }
        error["stored"] = stored.map { .string($0) }
        if !mistakes.isEmpty { error["problems"] = .array(mistakes.map(\.json)) }
        return ["error": .object(error)]
    }
}
