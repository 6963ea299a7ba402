package import JSON

/// What a call is about, and who would have to allow it: what an earlier decision is compared with.
package struct ApprovalSubject: Sendable, Hashable {
    package let tool: String
    /// The subject, as ``SafetyDecision`` has it.
    package let subject: String
    package let terms: ApprovalTerms

    package init(tool: String, subject: String, terms: ApprovalTerms = ApprovalTerms()) {
        (self.tool, self.subject, self.terms) = (tool, subject, terms)
    }

    /// The subject as `agentctl.standing_approval` is asked about it.
    package var json: JSONValue {
        var members: JSONObject = ["tool": .storable(tool), "subject": .storable(subject)]
        for member in terms.json { members[member.key] = member.value }
        return .object(members)
    }
}
