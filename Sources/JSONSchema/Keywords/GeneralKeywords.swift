import JSON

/// Keywords for values of any type.
struct GeneralKeywords: Sendable {
    var types: SchemaTypes?
    var enumeration: SchemaEnumeration?
    var constant: JSONValue?

    var cost: Int { (enumeration?.cost ?? 0) + (constant?.weight ?? 0) }
}
