/// What became of a document that was registered.
package struct Registration: Sendable, Hashable {
    /// The kind.
    package let kind: String
    /// The name.
    package let name: String
    /// The version in force now.
    package let version: Int
    /// Its id.
    package let versionID: Int64
    /// Whether it is a new version; else the same content was there already.
    package let isChanged: Bool

    package init(kind: String, name: String, version: Int, versionID: Int64, isChanged: Bool) {
        self.kind = kind
        self.name = name
        self.version = version
        self.versionID = versionID
        self.isChanged = isChanged
    }
}
