/// The text of an SQL statement, with `$1`, `$2` … where the parameters go.
///
/// The server parses a statement once on each connection and finds it by its text afterwards, so a statement that is
/// used often is best a constant:
///
///     static let rename: PostgresStatement = "UPDATE agent SET name = $2 WHERE id = $1"
///
/// Values belong into parameters, never into the text.
public struct PostgresStatement: Sendable, Hashable {
    /// The text.
    public let sql: String

    /// The text is hashed once, not at every use.
    private let hash: Int
    /// C strings end at a NUL: such a text would be cut off silently.
    let holdsNUL: Bool

    /// Makes a statement of a text.
    ///
    /// - Parameter sql: One statement; several with `;` in between are refused by the server.
    public init(_ sql: String) {
        self.sql = sql
        hash = sql.hashValue
        holdsNUL = sql.utf8.contains(0)
    }

    /// Whether the texts are the same.
    public static func == (left: PostgresStatement, right: PostgresStatement) -> Bool {
        left.hash == right.hash && left.sql == right.sql
    }

    /// Feeds the hash of the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}

extension PostgresStatement: ExpressibleByStringLiteral {
    /// Makes a statement of a literal.
    public init(stringLiteral sql: String) {
        self.init(sql)
    }
}
