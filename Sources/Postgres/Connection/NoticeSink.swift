import CLibpq
import Logging
import Reactor

/// Where a connection's notices go: to the log, and to a caller that asked for them.
final class NoticeSink: Sendable {
    typealias Handler = @Sendable (PostgresNotice) -> Void

    private let logger: Logger
    private let handler: Handler?
    /// The handler of the caller that has the connection now.
    private let leaseHandler = LockedValue<Handler?>(nil)

    init(logger: Logger, handler: Handler?) {
        self.logger = logger
        self.handler = handler
    }

    func setLeaseHandler(_ handler: Handler?) {
        leaseHandler.withLock { $0 = handler }
    }

    /// Makes libpq hand the notices of a connection to this sink, which must live as long as the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { sink, result in
                guard let sink, let result else { return }
                Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().receive(result)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func receive(_ result: OpaquePointer) {
        func field(_ field: Unicode.Scalar) -> String {
            PQresultErrorField(result, Int32(field.value)).map { String(cString: $0) } ?? ""
        }
        let notice = PostgresNotice(severity: field("V"), sqlState: field("C"), message: field("M"))
        // What libpq itself has to say, it says as text only.
        guard !notice.message.isEmpty else { return }
        // A server that ends warns each connection, and the loss of the connections is logged.
        let isWarning = notice.severity == "WARNING" && !notice.sqlState.hasPrefix("57P")
        logger.log(
            level: isWarning ? .warning : .debug,
            "\(notice.message)",
            metadata: ["severity": "\(notice.severity)", "sqlState": "\(notice.sqlState)"]
        )
        handler?(notice)
        leaseHandler.withLock { $0 }?(notice)
    }
}
