import ArgumentParser

/// The command `agentctl approvals`.
struct Approvals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide about tool calls that wait for a person.",
        discussion: """
            A call that an agent's policy asks about parks its turn: no worker is held, for minutes or days. When it was decided \
            the turn resumes; the model receives a denial. Who may decide: a member of agentctl_approver, or of the roles that \
            the policy's rule names, who needs agentctl_approver too (GRANT agentctl_approver TO …), and none of those who asked \
            for the turn unless the rule says so; an owner always.

            EXAMPLE
              agentctl approvals list
              agentctl approvals approve 17
              agentctl approvals deny 17 --reason 'not on a Friday'
            """,
        subcommands: [ApprovalList.self, ApprovalShow.self, ApprovalApprove.self, ApprovalDeny.self]
    )
}
