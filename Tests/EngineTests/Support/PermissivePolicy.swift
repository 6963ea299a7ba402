@testable import Conversation
@testable import Engine
@testable import Safety

/// Lets every call run.
struct PermissivePolicy: CallPolicy {
    let approvalTimeout: Duration = .seconds(86_400)

    func decide(_ call: ProposedCall) -> SafetyDecision {
        SafetyDecision(.allow, rule: "no policy")
    }
}
