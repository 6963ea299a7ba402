public import JSON

/// One argument of a tool, declared in Swift; the tool's input schema is generated from its parameters.
public struct ToolParameter: Sendable, Hashable {
    /// The kind of value that an argument has.
    public enum Kind: Sendable, Hashable {
        /// Text of at most a number of characters.
        case string(maximumLength: Int)
        /// A whole number within a range.
        case integer(ClosedRange<Int>)
        /// A number.
        case number
        /// True or false.
        case boolean
        /// One of some texts.
        case choice([String])
        /// An object whose members are texts of any name.
        case texts(maximumCount: Int)
        /// A value that a JSON Schema describes.
        case schema(JSONValue)
        /// Any JSON value.
        case any
    }

    /// The argument's name.
    public let name: String

    /// The kind of value.
    public let kind: Kind

    /// What it means, with its unit, as a sentence to the model.
    public let description: String

    /// Whether it has to be given.
    public let isRequired: Bool

    /// What an absent argument stands for, as the schema tells it.
    public let defaultValue: JSONValue?

    private init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool, defaultValue: JSONValue?) {
        self.name = name
        self.kind = kind
        self.description = description
        self.isRequired = isRequired
        self.defaultValue = defaultValue
    }

    /// An argument that has to be given.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - kind: The kind of value.
    ///   - description: What it means.
    public static func required(_ name: String, _ kind: Kind, _ description: String) -> ToolParameter {
        ToolParameter(name, kind, description, isRequired: true, defaultValue: nil)
    }

    /// An argument that may be left out.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - kind: The kind of value.
    ///   - description: What it means.
    ///   - defaultValue: What an absent argument stands for.
    public static func optional(
        _ name: String,
        _ kind: Kind,
        _ description: String,
        default defaultValue: JSONValue? = nil
    ) -> ToolParameter {
        ToolParameter(name, kind, description, isRequired: false, defaultValue: defaultValue)
    }
}

extension ToolParameter {
    /// The JSON Schema of an object with these parameters and no other member.
    ///
    /// - Parameter parameters: The parameters; their order is kept.
    package static func schema(_ parameters: [ToolParameter]) -> JSONValue {
        var properties = JSONObject()
        for parameter in parameters { properties[parameter.name] = parameter.schema }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["additionalProperties"] = false
        return .object(schema)
    }

    private var schema: JSONValue {
        var schema: JSONObject
        switch kind {
        case .string(let maximumLength):
            schema = ["type": "string", "maxLength": .integer(Int64(maximumLength))]
        case .integer(let range):
            schema = ["type": "integer", "minimum": .integer(Int64(range.lowerBound))]
            if range.upperBound < Int.max { schema["maximum"] = .integer(Int64(range.upperBound)) }
        case .number:
            schema = ["type": "number"]
        case .boolean:
            schema = ["type": "boolean"]
        case .choice(let names):
            schema = ["type": "string", "enum": .array(names.map { .string($0) })]
        case .texts(let maximumCount):
            schema = [
                "type": "object", "additionalProperties": ["type": "string"],
                "maxProperties": .integer(Int64(maximumCount)),
            ]
        case .schema(let value):
            schema = value.objectValue ?? [:]
        case .any:
            schema = [:]
        }
        schema["description"] = .string(description)
        if let defaultValue { schema["default"] = defaultValue }
        return .object(schema)
    }
}
