import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that keep something in a session of the server between statements.
    ///
    /// They hold the engine up or watch it, with locks, settings and process numbers. Behind a pooler in transaction mode
    /// there is no such session. Or they make or rename a role again and log it in: a pooler keeps the sessions of the one
    /// that was before.
    static var needsSession: Self {
        .disabled(if: TemporaryPgBouncer.isWanted, "the test itself needs a session of the server")
    }
}
