public import JSON

/// What a statement of somebody else's returned.
public struct StatementRows: Sendable {
    /// The rows, a list of objects whose members are in the order of the columns.
    public let value: JSONValue
    /// The same as text.
    public let text: String
    /// How many rows there are in it.
    public let count: Int
    /// Whether the statement had more than the limits allow.
    public let hasMore: Bool
}
