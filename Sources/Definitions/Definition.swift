package import JSON

/// One version of an agent, a model or a tool.
package struct Definition: Sendable, Hashable {
    /// The kind: agent, model or tool.
    package let kind: String
    /// The name.
    package let name: String
    /// The version, from 1.
    package let version: Int
    /// The version's id.
    package let versionID: Int64
    /// The whole document.
    package let document: JSONValue

    package init(kind: String, name: String, version: Int, versionID: Int64, document: JSONValue) {
        self.kind = kind
        self.name = name
        self.version = version
        self.versionID = versionID
        self.document = document
    }
}
