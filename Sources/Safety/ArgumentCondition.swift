internal import JSON
internal import JSONSchema
internal import Patterns

/// What a rule asks of one argument of a call.
enum ArgumentCondition: Sendable {
    /// A part of the argument's text fits.
    case pattern(Pattern)
    /// The argument fits the schema, and has one of the types that the schema says something about.
    case schema(JSONSchema, types: Set<ArgumentType>)

    /// A type of JSON, as schemas name it; integers are numbers.
    enum ArgumentType: String, Sendable, CaseIterable {
        case number, string, array, object, boolean, null
    }

    /// Whether the condition holds.
    ///
    /// - Parameters:
    ///   - name: The argument.
    ///   - facts: The call.
    ///   - doubt: What holds where that cannot be said: the argument is missing, or of a type that the schema says nothing
    ///     about, or the pattern takes too long.
    func holds(for name: String, of facts: CallFacts, doubt: Bool) -> Bool {
        switch self {
        case .pattern(let pattern):
            do { return try pattern.matches(facts.argument(name)) } catch { return doubt }
        case .schema(let schema, let types):
            guard let value = facts.call.arguments[name], types.contains(Self.type(of: value)) else { return doubt }
            return schema.validate(value, limit: 1).isEmpty
        }
    }

    /// The types that a schema says something about: `maximum` is about numbers, and any text fits it.
    ///
    /// - Returns: Empty where it does not say so at its top.
    static func types(of schema: JSONObject) -> Set<ArgumentType> {
        if let types = schema["type"].map({ $0.arrayValue ?? [$0] }) {
            return Set(types.compactMap { $0.stringValue.flatMap(Self.type(named:)) })
        }
        if let constant = schema["const"] { return [type(of: constant)] }
        if let choices = schema["enum"]?.arrayValue { return Set(choices.map(type(of:))) }
        return Set(keywords.filter { schema[$0.key] != nil }.values)
    }

    private static func type(named name: String) -> ArgumentType? {
        name == "integer" ? .number : ArgumentType(rawValue: name)
    }

    private static func type(of value: JSONValue) -> ArgumentType {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .integer, .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    private static let keywords: [String: ArgumentType] = [
        "minimum": .number, "maximum": .number, "exclusiveMinimum": .number, "exclusiveMaximum": .number,
        "multipleOf": .number, "minLength": .string, "maxLength": .string, "pattern": .string, "format": .string,
        "items": .array, "prefixItems": .array, "contains": .array, "minItems": .array, "maxItems": .array,
        "uniqueItems": .array, "properties": .object, "required": .object, "minProperties": .object,
        "maxProperties": .object, "additionalProperties": .object,
    ]
}
