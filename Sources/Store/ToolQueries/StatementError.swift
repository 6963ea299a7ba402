package import Postgres

/// Why a statement of somebody else's did not return rows.
package struct StatementError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Kind: Sendable, Hashable {
        /// The statement is not right: its syntax, a name that is not there.
        case invalid
        /// The role that it runs as may not do that, or it is no statement that returns rows.
        case denied
        /// It took too long.
        case timeout
        /// It took too long, and the server does not stop it.
        case stuck
        /// It was not begun: all connections for such statements were in use for as long as it may take.
        case busy
        /// It failed while it ran.
        case failed
        /// This installation cannot run statements of others.
        case refused
        /// The database cannot be reached.
        case unreachable
        /// The calling task was cancelled.
        case cancelled
    }

    /// What kind of failure it is.
    package let kind: Kind
    /// What happened.
    package let message: String
    /// What to do about it.
    package let hint: String?
    /// The five characters by which the server classifies its errors.
    package let sqlState: String?
    /// Where in the statement, counted in characters from 1.
    package let position: Int?

    package init(_ error: PostgresError, statement: String) {
        kind = Self.kind(of: error)
        message = error.message
        hint = error.hint
        sqlState = error.sqlState
        // A statement that returns no rows is run within another.
        let isWrapped = error.internalQuery.map { $0 != statement && $0.hasPrefix(Self.wrapper) } ?? false
        position = error.internalPosition.map { $0 - (isWrapped ? Self.wrapper.count : 0) }.flatMap {
            $0 > 0 ? $0 : nil
        }
    }

    package init(_ error: StoreError, statement: String) {
        if let underlying = error.underlying {
            self.init(underlying, statement: statement)
        } else {
            self.init(error.code == .cancelled ? .cancelled : .failed, error.message)
        }
    }

    init(_ failure: Database.ForeignFailure, statement: String) {
        switch failure {
        case .failed(let error): self.init(error, statement: statement)
        case .busy: self.init(.busy, failure.message)
        case .stuck: self.init(.stuck, failure.message)
        }
    }

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        hint = nil
        sqlState = nil
        position = nil
    }

    private static let wrapper = "WITH statement AS ("

    private static func kind(of error: PostgresError) -> Kind {
        switch error.code {
        case .cancelled: return .cancelled
        case .statementTimeout: return .timeout
        case .connectionFailed, .connectionLost, .acquireTimeout, .shutdown, .commitUnknown: return .unreachable
        default: break
        }
        switch error.sqlState {
        case "57014": return .timeout
        // A missing privilege, a write where only reading is allowed, two statements or a command.
        case "42501", "25006", "42P11": return .denied
        case "AC003", "3F000": return .refused
        case let state? where state.hasPrefix("42"): return .invalid
        default: return .failed
        }
    }

    /// The message and the hint on one line.
    package var description: String {
        hint.map { "\(message) (\($0))" } ?? message
    }
}
