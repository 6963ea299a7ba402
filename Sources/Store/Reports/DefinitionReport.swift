package import JSON

/// What was found under a name.
package struct DefinitionReport: Sendable, Hashable {
    /// The kind, name, version, document (in the order of its fields) and all versions; nil when there is no such thing.
    package let definition: JSONObject?
    /// When there is none: the name that was probably meant.
    package let nearest: String?
}
