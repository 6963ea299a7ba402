public import JSON

/// One version of an agent, a model or a tool.
public struct Definition: Sendable, Hashable {
    /// The kind: agent, model or tool.
    public let kind: String
    /// The name.
    public let name: String
    /// The version, from 1.
    public let version: Int
    /// The version's id.
    public let versionID: Int64
    /// The whole document.
    public let document: JSONValue
}
