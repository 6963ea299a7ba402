package import JSON

/// The order of a schema's properties, in which models fill them in: reasoning before the answer, say.
///
/// The database keeps what JSON means, and so not the order of members. Where an author's differs from the database's own,
/// it is noted beside the properties, in the keyword that Gemini has for it, and applied when a model is shown the schema.
package enum SchemaOrder {
    private static let keyword = "propertyOrdering"

    private static let schemaFields = ["input_schema", "output_schema"]

    /// Keywords whose value is a schema, or a list of them.
    private static let schemas = [
        "items", "prefixItems", "additionalItems", "additionalProperties", "unevaluatedProperties", "unevaluatedItems",
        "contains", "propertyNames", "not", "if", "then", "else", "allOf", "anyOf", "oneOf",
    ]
    /// Keywords whose value has schemas by name.
    private static let namedSchemas = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]

    /// The document with the order of properties noted in its schemas.
    package static func noted(in document: JSONValue) -> JSONValue {
        guard case .object(var members) = document else { return document }
        for field in schemaFields { members[field] = members[field].map { changed($0, by: note) } }
        return .object(members)
    }

    /// The schema with its properties in the order that is noted, without the notes.
    package static func applied(to schema: JSONValue) -> JSONValue {
        changed(schema, by: apply)
    }

    private static func note(_ schema: inout JSONObject) {
        guard schema[keyword] == nil, let names = schema["properties"]?.objectValue?.map(\.key) else { return }
        let stored = names.sorted(by: isStoredBefore)
        if names != stored { schema[keyword] = .array(names.map { .string($0) }) }
    }

    /// How `jsonb` orders members: by length, then by bytes.
    private static func isStoredBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.count != right.utf8.count
            ? left.utf8.count < right.utf8.count : left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func apply(_ schema: inout JSONObject) {
        guard let names = schema[keyword]?.arrayValue?.compactMap(\.stringValue) else { return }
        schema[keyword] = nil
        guard let properties = schema["properties"]?.objectValue else { return }
        let known = names.filter { properties[$0] != nil }
        let rest = properties.map(\.key).filter { !known.contains($0) }
        var ordered = JSONObject()
        for name in known + rest { ordered[name] = properties[name] }
        schema["properties"] = .object(ordered)
    }

    private static func changed(_ schema: JSONValue, by change: (inout JSONObject) -> Void) -> JSONValue {
        switch schema {
        case .array(let list): return .array(list.map { changed($0, by: change) })
        case .object(var members):
            for keyword in schemas { members[keyword] = members[keyword].map { changed($0, by: change) } }
            for keyword in namedSchemas {
                guard let named = members[keyword]?.objectValue else { continue }
                members[keyword] = .object(JSONObject(named.map { ($0.key, changed($0.value, by: change)) }))
            }
            change(&members)
            return .object(members)
        default: return schema
        }
    }
}
