/// Something that code tried and may not do.
public struct SandboxViolation: Sendable, Hashable {
    /// What was tried.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A system call that is not on the list.
        case systemCall = "system_call"
        /// A module that is not on the function's list.
        case deniedImport = "denied_import"
        /// Writing to a path outside of what is granted.
        case writeOutside = "write_outside"
    }

    /// Who saw it.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// The kernel: the code can neither hide nor forge it.
        case kernel
        /// The interpreter that the code runs in: hostile code can avoid it.
        case interpreter
    }

    /// What was tried.
    public let kind: Kind
    /// The system call's, the module's or the path's name.
    public let detail: String
    /// Who saw it.
    public let source: Source

    /// A violation.
    public init(_ kind: Kind, detail: String, source: Source) {
        self.kind = kind
        self.detail = detail
        self.source = source
    }
}
