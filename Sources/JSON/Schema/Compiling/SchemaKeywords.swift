import Patterns

/// Keywords for values of any type.
struct GeneralKeywords: Sendable {
    var types: SchemaTypes?
    var enumeration: SchemaEnumeration?
    var constant: JSONValue?

    var cost: Int { enumeration?.cost ?? 0 }
}

/// Keywords for numbers; the bounds are numbers themselves.
struct NumberKeywords: Sendable {
    var multipleOf: JSONValue?
    var minimum: JSONValue?
    var maximum: JSONValue?
    var exclusiveMinimum: JSONValue?
    var exclusiveMaximum: JSONValue?
}

/// Keywords for strings.
struct StringKeywords: Sendable {
    var minimumLength: Int?
    var maximumLength: Int?
    var pattern: Pattern?
}

/// Keywords for arrays.
struct ArrayKeywords: Sendable {
    var prefixItems: [SchemaNode.ID] = []
    var items: SchemaNode.ID?
    var contains: SchemaNode.ID?
    var minimumContains: Int?
    var maximumContains: Int?
    var minimumItems: Int?
    var maximumItems: Int?
    var hasUniqueItems = false
    var unevaluated: SchemaNode.ID?
}

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

    var cost: Int { required.count + dependencies.reduce(dependentSchemas.count) { $0 + 1 + $1.required.count } }

    /// Whether its members have to be gone through.
    var appliesToMembers: Bool {
        !properties.isEmpty || !patternProperties.isEmpty || additional != nil || names != nil
    }
}

/// References, and keywords that combine schemas.
struct LogicKeywords: Sendable {
    /// A `$dynamicRef`.
    struct DynamicReference: Sendable {
        /// The number of the reference that it is unless a dynamic anchor says otherwise.
        let reference: Int

        /// The name of the anchor that an outer resource may define anew.
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
