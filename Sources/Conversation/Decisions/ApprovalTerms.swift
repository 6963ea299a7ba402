package import JSON

/// Who may decide about a call that waits.
package struct ApprovalTerms: Sendable, Hashable {
    /// Database roles whose members may, in order; nil for those of agentctl_approver, and owners always may.
    package let approvers: [String]?
    /// Whether those who asked for the turn may not.
    package let notRequester: Bool

    package init(approvers: [String]? = nil, notRequester: Bool = true) {
        self.approvers = approvers.map { Set($0).sorted() }
        self.notRequester = notRequester
    }

    /// The members `approvers` and `not_requester`, as the database reads them.
    package var json: JSONObject {
        [
            "approvers": approvers.map { .array($0.map { .string($0) }) } ?? .null,
            "not_requester": .bool(notRequester),
        ]
    }
}
