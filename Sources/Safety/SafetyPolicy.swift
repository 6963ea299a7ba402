package import Conversation
import Definitions
package import JSON
package import Tools

/// Decides which calls are carried out, which a person is asked about, and which are refused.
///
/// It is made once of the documents of kind `policy` that an agent names and the default one, in this order. The order
/// rules of all of them come first; then the first rule that a call fits decides. A call that fits none is asked about.
/// What a later policy denies, no earlier one allows. Deciding touches nothing but the call.
///
/// ```swift
/// let policy = try SafetyPolicy(documents: [(name: "default", document: document)])
/// let decision = policy.decide(call)  // .allow, by rule "policy default, rule 11"
/// ```
package struct SafetyPolicy: CallPolicy {
    /// By policy.
    private let rules: [[SafetyRule]]
    /// Of all policies, with the place of each one's policy.
    private let sequence: [(policy: Int, rule: SafetyRule)]
    private let orders: [OrderRule]

    /// How long a person may take to decide: what the first of the policies says.
    package let approvalTimeout: Duration

    /// Makes a policy.
    ///
    /// - Parameter documents: The policies in their order, each with its name.
    /// - Throws: ``SafetyPolicyError`` with every mistake and its place.
    package init(documents: [(name: String, document: JSONValue)]) throws(SafetyPolicyError) {
        var rules: [[SafetyRule]] = []
        var orders: [OrderRule] = []
        var mistakes: [SafetyPolicyError.Mistake] = []
        var timeouts: [Duration] = []
        for (name, document) in documents {
            let reader = SafetyPolicyReader(name: name, document: document)
            rules.append(reader.rules)
            orders += reader.orders
            timeouts.append(reader.approvalTimeout)
            mistakes += reader.problems.list.map { SafetyPolicyError.Mistake(policy: name, problem: $0) }
        }
        guard mistakes.isEmpty else { throw SafetyPolicyError(mistakes: mistakes) }
        self.rules = rules
        sequence = rules.enumerated().flatMap { policy in policy.element.map { (policy.offset, $0) } }
        self.orders = orders
        approvalTimeout = timeouts.first ?? .seconds(86_400)
    }

    /// Decides about a call.
    package func decide(_ call: ProposedCall) -> SafetyDecision {
        let subject = CallSubject.text(of: call)
        for order in orders {
            guard let reason = order.violation(by: call) else { continue }
            return SafetyDecision(.deny, rule: order.label, reason: reason, subject: subject)
        }
        var facts = CallFacts(call)
        var hasDoubt = false
        // What a line may hide is asked of those whom the rule about it names; rules that refuse name nobody.
        var doubted: ApprovalTerms?
        for (index, rule) in sequence {
            switch rule.answer(&facts) {
            case .passes: continue
            case .doubts:
                hasDoubt = true
                if rule.action == .ask { doubted = doubted ?? rule.terms }
            case .applies:
                if rule.action != .deny, let denial = denial(by: rules[(index + 1)...], &facts) {
                    return SafetyDecision(.deny, rule: denial.label, reason: denial.reason, subject: subject)
                }
                let isDoubtful = hasDoubt && rule.action == .allow
                var decision = SafetyDecision(
                    isDoubtful ? .ask : rule.action,
                    rule: rule.label,
                    reason: isDoubtful ? facts.doubt() : rule.reason,
                    subject: subject
                )
                decision.terms = doubted ?? rule.terms
                return decision
            }
        }
        let reason = "No rule of a policy is about this call."
        var decision = SafetyDecision(.ask, rule: "no rule", reason: reason, subject: subject)
        decision.terms = doubted ?? decision.terms
        return decision
    }

    /// The rule by which one of some policies, taken alone, denies a call.
    private func denial(by policies: ArraySlice<[SafetyRule]>, _ facts: inout CallFacts) -> SafetyRule? {
        for rules in policies {
            var facts = facts
            let first = rules.first { $0.answer(&facts) == .applies }
            if let first, first.action == .deny { return first }
        }
        return nil
    }

    /// What the policies say of the files that a call comes across.
    package func pathRules(for call: ProposedCall) -> PathRules {
        var facts = CallFacts(call)
        return PathRules(
            rules.map { rules in
                var found: [PathRules.Rule] = []
                for rule in rules {
                    if let rule = rule.pathRule(for: &facts) { found.append(rule) }
                    if rule.decidesAboutAllFiles(of: facts) { break }
                }
                return found
            }
        )
    }
}
