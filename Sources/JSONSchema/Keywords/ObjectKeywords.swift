import JSON
import Patterns

/// Keywords for objects.
struct ObjectKeywords: Sendable {
    /// A pattern for keys, and the schema of their values.
    struct PatternProperty: Sendable {
        let pattern: Pattern
        let schema: SchemaNode.ID
    }

    /// A member that asks for others.
    struct Dependency: Sendable {
        let key: String
        let required: [String]
    }

    /// A member that puts a schema on the whole object.
    struct DependentSchema: Sendable {
        let key: String
        let schema: SchemaNode.ID
    }

    var properties: [JSONObjectKey: SchemaNode.ID] = [:]

    /// The keys of `properties` in their order, for messages.
    var propertyNames: [String] = []
    var patternProperties: [PatternProperty] = []
    var additional: SchemaNode.ID?
    var names: SchemaNode.ID?
    var required: [String] = []
    var dependencies: [Dependency] = []
    var dependentSchemas: [DependentSchema] = []
    var minimumMembers: Int?
    var maximumMembers: Int?
    var unevaluated: SchemaNode.ID?

    /// Each key that is asked for is a look-up.
    var cost: Int {
        let keys = required + dependencies.flatMap { [$0.key] + $0.required } + dependentSchemas.map(\.key)
        return keys.reduce(keys.count / 8) { $0 + $1.weight }
    }

    /// Whether its members have to be gone through.
    var appliesToMembers: Bool {
        !properties.isEmpty || !patternProperties.isEmpty || additional != nil || names != nil
    }
}
