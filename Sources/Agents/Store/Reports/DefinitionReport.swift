public import JSON

/// What was found under a name.
public struct DefinitionReport: Sendable, Hashable {
    /// The kind, name, version, document (in the order of its fields) and all versions; nil when there is no such thing.
    public let definition: JSONObject?
    /// When there is none: the name that was probably meant.
    public let nearest: String?
}
