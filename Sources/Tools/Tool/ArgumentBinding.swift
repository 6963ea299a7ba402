package import Conversation
package import JSON

/// A property of a tool's `input_schema` that the engine fills in: `{type: string, x-value: $user}`.
///
/// The schema that a model receives does not have it, and a call that gives it nevertheless is refused.
package struct ArgumentBinding: Sendable, Hashable {
    /// What it is filled with.
    package enum Value: String, Sendable, CaseIterable {
        /// The account that began the conversation, or the one that a task is a part of.
        case user = "$user"
        /// The id of that conversation.
        case conversation = "$conversation"
    }

    /// The keyword of the property.
    static let keyword = "x-value"

    let name: String
    let value: Value

    /// Takes the bindings out of a schema.
    ///
    /// - Returns: The bindings, and the schema that models receive.
    /// - Throws: ``ToolError/Code/configuration`` for a value that there is not, and for one that would not be filled in
    ///   where it is: the model would say it.
    package static func split(_ schema: JSONValue) throws(ToolError) -> (bindings: [ArgumentBinding], schema: JSONValue)
    {
        var bindings: [ArgumentBinding] = []
        if let place = misplaced(in: schema, at: "", isTop: true) {
            let named = place.isEmpty ? "of the schema itself" : "at \(place)"
            throw ToolError(.configuration, "\(keyword) \(named) is not filled in: only a property at the top is")
        }
        guard var object = schema.objectValue, let properties = object["properties"]?.objectValue else {
            return ([], schema)
        }
        for property in properties {
            guard let given = property.value[keyword] else { continue }
            guard let value = given.stringValue.flatMap(Value.init(rawValue:)) else {
                let values = Value.allCases.map(\.rawValue).joined(separator: " or ")
                throw ToolError(.configuration, "\(keyword) of \"\(property.key)\" is \(values), not \(given.text)")
            }
            guard property.value["type"].map({ $0 == "string" }) ?? true else {
                throw ToolError(.configuration, "\(keyword) of \"\(property.key)\" is a string, and its type is not")
            }
            bindings.append(ArgumentBinding(name: property.key, value: value))
        }
        guard !bindings.isEmpty else { return ([], schema) }
        let names = Set(bindings.map(\.name))
        object["properties"] = .object(
            JSONObject(properties.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
        )
        object["required"] = object["required"]?.arrayValue.map { required in
            .array(required.filter { $0.stringValue.map { !names.contains($0) } ?? true })
        }
        return (bindings, .object(object))
    }

    /// Keywords whose members are schemas by names that anybody may choose.
    private static let maps: Set<String> = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
    ]
    /// Keywords whose values are no schemas.
    private static let values: Set<String> = ["const", "enum", "default", "examples"]

    /// Where the keyword is and nothing would be filled in; nil when it is nowhere else than at the top's properties.
    private static func misplaced(in schema: JSONValue, at path: String, isTop: Bool) -> String? {
        guard let members = schema.objectValue else {
            let items = schema.arrayValue ?? []
            return items.indices.lazy.compactMap { misplaced(in: items[$0], at: "\(path)/\($0)", isTop: false) }.first
        }
        if members[keyword] != nil { return path }
        for member in members where !values.contains(member.key) {
            let place = "\(path)/\(member.key)"
            guard maps.contains(member.key), let named = member.value.objectValue else {
                if let found = misplaced(in: member.value, at: place, isTop: false) { return found }
                continue
            }
            for (name, value) in named.map({ ($0.key, $0.value) }) {
                var inner = value
                if isTop, member.key == "properties", var property = value.objectValue {
                    property[keyword] = nil
                    inner = .object(property)
                }
                if let found = misplaced(in: inner, at: "\(place)/\(name)", isTop: false) { return found }
            }
        }
        return nil
    }
}

/// For whom a tool is called.
package struct ToolAsker: Sendable, Hashable {
    /// The account that began the conversation.
    package let user: String
    /// The conversation's id.
    package let conversation: String

    package init(user: String, conversation: String) {
        (self.user, self.conversation) = (user, conversation)
    }

    func value(_ value: ArgumentBinding.Value) -> String {
        switch value {
        case .user: user
        case .conversation: conversation
        }
    }
}

/// How a call learns for whom it is made.
package enum ToolAskerSource: Sendable {
    /// Nobody can say: what the engine fills in is missing.
    case unknown
    /// A person calls the tool by hand, and says it among the arguments.
    case arguments
    /// Asked for each call of a tool that is bound to it.
    case asked(@Sendable () async throws(ToolError) -> ToolAsker)
}
