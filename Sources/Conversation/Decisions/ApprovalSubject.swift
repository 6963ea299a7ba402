package import JSON

/// What a call is about, and who would have to allow it: what an earlier decision is compared with.
package struct ApprovalSubject: Sendable, Hashable {
    package let tool: String
    /// The subject, as ``SafetyDecision`` has it.
    package let subject: String
    package let terms: ApprovalTerms
    /// The version of the tool, an id; nil for what has none.
    ///
    /// An approval does not cover what another version does.
    package let versionID: Int64?

    package init(tool: String, subject: String, terms: ApprovalTerms = ApprovalTerms(), versionID: Int64? = nil) {
        (self.tool, self.subject, self.terms, self.versionID) = (tool, subject, terms, versionID)
    }

    /// The subject as `agentctl.standing_approval` is asked about it.
    package var json: JSONValue {
        var members: JSONObject = ["tool": .storable(tool), "subject": .storable(subject)]
        members["version"] = versionID.map { .integer($0) } ?? .null
        for member in terms.json { members[member.key] = member.value }
        return .object(members)
    }
}
