/// Which statements the server has prepared on a connection, and under which names.
///
/// Bounded: the least recently used one makes room for a new one.
struct StatementCache {
    /// How a statement is to be sent.
    enum Use: Equatable {
        /// The server knows it by this name.
        case prepared(name: String)
        /// It is to be prepared under this name; `evicted` is to be deallocated first.
        case prepare(name: String, evicted: String?)
        /// Without a name: whether the server accepts it is not known yet. If the preparation fails, a second use of
        /// the name would fail with an error that says nothing about the statement.
        case unprepared
    }

    private struct Entry {
        let name: String
        var isConfirmed = false
        var lastUse: UInt64
    }

    private var capacity: Int
    private let tag: String
    private var entries: [PostgresStatement: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    /// - Parameters:
    ///   - capacity: How many statements are kept; none are prepared if it is zero.
    ///   - tag: What the names begin with: a letter, then letters and digits. No other connection has it: behind a pooler
    ///     that was not noticed, a name must never be another connection's statement.
    init(capacity: Int, tag: String) {
        self.capacity = capacity
        self.tag = tag
    }

    var count: Int { entries.count }

    /// Decides how to send `statement`; with `prepare`, ``confirm(_:)`` or ``forget(_:)`` must follow.
    mutating func use(_ statement: PostgresStatement) -> Use {
        guard capacity > 0 else { return .unprepared }
        uses += 1
        if let index = entries.index(forKey: statement) {
            entries.values[index].lastUse = uses
            let entry = entries.values[index]
            return entry.isConfirmed ? .prepared(name: entry.name) : .unprepared
        }
        var evicted: String?
        if entries.count >= capacity {
            let oldest = entries.lazy.filter(\.value.isConfirmed).min { $0.value.lastUse < $1.value.lastUse }
            guard let oldest else { return .unprepared }
            entries[oldest.key] = nil
            evicted = oldest.value.name
        }
        names += 1
        let name = "\(tag)_\(names)"
        entries[statement] = Entry(name: name, lastUse: uses)
        return .prepare(name: name, evicted: evicted)
    }

    /// The server has prepared it.
    mutating func confirm(_ statement: PostgresStatement) {
        entries[statement]?.isConfirmed = true
    }

    /// Statements go without names from now on.
    mutating func stop() {
        capacity = 0
        entries = [:]
    }

    /// The server has not prepared it, or does not know it any more.
    mutating func forget(_ statement: PostgresStatement) {
        entries[statement] = nil
    }
}
