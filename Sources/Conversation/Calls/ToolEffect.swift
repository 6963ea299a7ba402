/// What happens to the world when a tool is called, and so whether it may be called again after a crash.
public enum ToolEffect: String, Sendable, Hashable, CaseIterable {
    /// Nothing happens: it computes or reads. May be called again.
    case pure
    /// Calling it twice is the same as calling it once. May be called again.
    case idempotent
    /// It writes to the database in the transaction of its own result, and so exactly once.
    case sql
    /// It may not be called twice. After a crash its outcome is in doubt.
    case unsafe
}
