/// References, and keywords that combine schemas.
struct LogicKeywords: Sendable {
    /// A `$dynamicRef`.
    struct DynamicReference: Sendable {
        /// The number of the reference that it is unless a dynamic anchor says otherwise.
        let reference: Int

        /// The name of the anchor that an outer resource may redefine.
        let anchor: String
    }

    /// The number of the reference in the program's targets.
    var reference: Int?
    var dynamicReference: DynamicReference?
    var allOf: [SchemaNode.ID] = []
    var anyOf: [SchemaNode.ID] = []
    var oneOf: [SchemaNode.ID] = []
    var not: SchemaNode.ID?
    var condition: SchemaNode.ID?
    var consequence: SchemaNode.ID?
    var alternative: SchemaNode.ID?
}
