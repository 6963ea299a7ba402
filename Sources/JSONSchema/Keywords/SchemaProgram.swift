/// A compiled schema: all subschemas that can be reached, and how they refer to each other.
///
/// Schemas and references are numbered, for they may form cycles.
final class SchemaProgram: Sendable {
    /// The number of a subschema.
    typealias NodeID = Int

    /// A schema with an identifier of its own, or a document's root.
    struct Resource: Sendable {
        let dynamicAnchors: [String: NodeID]
    }

    let root: NodeID
    let nodes: [SchemaNode]
    let resources: [Resource]
    let limits: JSONSchemaLimits

    /// What each reference leads to.
    let targets: [NodeID]

    init(root: NodeID, nodes: [SchemaNode], resources: [Resource], targets: [NodeID], limits: JSONSchemaLimits) {
        self.root = root
        self.nodes = nodes
        self.resources = resources
        self.targets = targets
        self.limits = limits
    }
}
