/// What became of a document that was registered.
public struct Registration: Sendable, Hashable {
    /// The kind.
    public let kind: String
    /// The name.
    public let name: String
    /// The version in force now.
    public let version: Int
    /// Its id.
    public let versionID: Int64
    /// Whether it is a new version; else the same content was there already.
    public let isChanged: Bool

    package init(kind: String, name: String, version: Int, versionID: Int64, isChanged: Bool) {
        self.kind = kind
        self.name = name
        self.version = version
        self.versionID = versionID
        self.isChanged = isChanged
    }
}
