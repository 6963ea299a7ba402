/// What a call may do with the workspace's directory.
public enum WorkspaceGrant: String, Sendable, Hashable, CaseIterable {
    /// It does not see it.
    case none
    /// It may read it.
    case readOnly = "read_only"
    /// It may read and write it.
    case writable
}
