/// A part of the workspace that a call may do less with than with the rest.
public struct WorkspaceException: Sendable, Hashable {
    /// What the call may do with it.
    public enum Kind: Sendable, Hashable {
        /// A file that it cannot read, write, rename or remove; it sees that there is one.
        case hiddenFile
        /// A directory of which the same holds, with all that is in it.
        case hiddenDirectory
        /// A file or directory that it may read only, with all that is in it.
        case readOnly
    }

    /// The path, relative to the workspace, without `.`, `..` and symbolic links.
    public let path: String
    /// What the call may do with it.
    public let kind: Kind

    /// An exception.
    ///
    /// - Parameters:
    ///   - path: The path, relative to the workspace; it has to exist when the call begins.
    ///   - kind: What the call may do with it.
    public init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
