/// A statement on its way: waiting to be sent, or sent and not answered.
///
/// Belongs to its connection and is touched on the loop's thread only.
final class PendingStatement {
    enum Kind {
        /// One statement with parameters, in pipeline mode.
        case statement(PostgresStatement, [PostgresValue])
        /// Any number of statements in the simple protocol, without parameters and with nothing else under way.
        case script(String)
        /// The connection's own housekeeping, whose outcome nobody waits for.
        case deallocation
    }

    /// Who waits for the outcome.
    enum Receiver {
        case task(CheckedContinuation<StatementOutcome, Never>)
        case call(@Sendable (StatementOutcome) -> Void)
        case nobody
    }

    /// Why a statement is to end early.
    enum Interruption {
        case cancelled
        case timedOut
    }

    let number: UInt64
    let kind: Kind
    /// Others share the connection, so that a cancelled statement gives its answer up instead of stopping the server.
    let isShared: Bool
    let deadline: ContinuousClock.Instant?
    var receiver: Receiver
    var interruption: Interruption?
    /// The server was asked to prepare the statement first, and has not answered.
    var awaitsPreparation = false
    /// The name by which it was sent, if the server has prepared it before.
    var name: String?
    var result: PostgresResult?
    var error: PostgresError?

    init(
        number: UInt64,
        kind: Kind,
        isShared: Bool = false,
        deadline: ContinuousClock.Instant? = nil,
        receiver: Receiver
    ) {
        self.number = number
        self.kind = kind
        self.isShared = isShared
        self.deadline = deadline
        self.receiver = receiver
    }

    /// The text, for reports.
    var sql: String? {
        switch kind {
        case .statement(let statement, _): statement.sql
        case .script(let sql): sql
        case .deallocation: nil
        }
    }

    var isScript: Bool {
        if case .script = kind { true } else { false }
    }

    var isDeallocation: Bool {
        if case .deallocation = kind { true } else { false }
    }

    /// Notifies the receiver, once.
    func deliver(_ outcome: StatementOutcome) {
        let receiver = receiver
        self.receiver = .nobody
        switch receiver {
        case .task(let continuation): continuation.resume(returning: outcome)
        case .call(let body): body(outcome)
        case .nobody: break
        }
    }
}

/// What became of a statement.
struct StatementOutcome: Sendable {
    let result: Result<PostgresRows, PostgresError>
    /// The server is still at it: the connection says when it is done.
    var isAbandoned = false
    /// The connection was closed before the statement was sent.
    var isUnsent = false
    /// The connection is in no transaction and has nothing under way.
    var isIdle = false
}
