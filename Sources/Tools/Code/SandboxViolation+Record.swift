package import Conversation
import Sandbox

extension SandboxViolation {
    /// The violation as a call's record holds it.
    package var record: FunctionCallRecord.Violation {
        FunctionCallRecord.Violation(kind: kind.rawValue, detail: detail, source: source.rawValue)
    }
}
