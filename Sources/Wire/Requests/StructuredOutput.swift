/// How an answer that fits a schema is asked for, the strictest form first.
package enum StructuredOutput: String, Sendable, Hashable, CaseIterable {
    /// The server is given the schema.
    case schema = "json_schema"
    /// The server is asked for a JSON object.
    case object = "json_object"
    /// The server is not asked.
    case none
}
