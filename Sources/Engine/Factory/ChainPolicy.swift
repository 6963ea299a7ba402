internal import JSON
import Orchestration
import Safety
import Tools

/// The policy of a chain: an operator decides about its approval nodes, whatever the other policies say.
struct ChainPolicy: CallPolicy {
    /// Decides about everything else.
    let others: any CallPolicy

    var approvalTimeout: Duration { others.approvalTimeout }

    func pathRules(for call: ProposedCall) -> PathRules { others.pathRules(for: call) }

    func decide(_ call: ProposedCall) -> SafetyDecision {
        guard call.tool == ApprovalTool.name else { return others.decide(call) }
        let message = call.arguments["message"]?.stringValue ?? ""
        var decision = SafetyDecision(
            .ask,
            rule: "an approval node of \(call.agent)",
            subject: String(message.prefix(utf8: 1_000))
        )
        decision.timeout = call.arguments["timeout"]?.secondsValue
        return decision
    }
}
