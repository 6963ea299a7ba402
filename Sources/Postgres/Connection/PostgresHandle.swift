import CLibpq

/// Owns a connection of libpq.
final class PostgresHandle: @unchecked Sendable {
    // Sendable is right: one thread at a time uses it. That is the loop's, and while a connection is being opened a
    // helper's, during which the loop waits.
    let pointer: OpaquePointer
    let notices: NoticeSink
    private var isFinished = false

    /// Takes over `pointer`.
    init(_ pointer: OpaquePointer, notices: NoticeSink) {
        self.pointer = pointer
        self.notices = notices
        notices.attach(to: pointer)
    }

    deinit {
        finish()
    }

    /// Says good-bye to the server and closes the socket, which nothing may watch any more.
    func finish() {
        guard !isFinished else { return }
        isFinished = true
        PQfinish(pointer)
    }

    var descriptor: Int32 { PQsocket(pointer) }
    var isBroken: Bool { PQstatus(pointer) == CONNECTION_BAD }

    /// Whether the number of the server's process is none that Linux, macOS or BSD give: a pooler made it up.
    ///
    /// PgBouncer draws 32 bits, of which one number in a thousand passes for a process; such a connection finds out by
    /// its first statement that is gone.
    var isPooled: Bool { !(1...1 << 22).contains(PQbackendPID(pointer)) }

    /// What libpq says about the last failure, in its first line.
    var errorMessage: String {
        PQerrorMessage(pointer).map { PostgresError.firstLine(String(cString: $0)) } ?? "unknown reason"
    }

    /// A setting that the server reports, such as `DateStyle`.
    func serverSetting(_ name: String) -> String? {
        PQparameterStatus(pointer, name).map { String(cString: $0) }
    }
}
