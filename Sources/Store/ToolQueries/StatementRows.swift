package import JSON

/// What a statement of somebody else's returned.
package struct StatementRows: Sendable {
    /// The rows, a list of objects whose members are in the order of the columns.
    package let value: JSONValue
    /// The same as text.
    package let text: String
    /// How many rows there are in it.
    package let count: Int
    /// Whether the statement had more than the limits allow.
    package let hasMore: Bool
}
