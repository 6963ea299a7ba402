/// A message of the server besides the answer, as `RAISE NOTICE` sends it.
public struct PostgresNotice: Sendable, Hashable {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`.
    public let severity: String
    /// The five characters by which the server classifies it.
    public let sqlState: String
    /// What it says.
    public let message: String
}
