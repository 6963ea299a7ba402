import ArgumentParser

/// The commands `agentctl plans`.
struct Plans: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plans",
        abstract: "List, show, edit, approve and run plans.",
        discussion: """
            EXAMPLE
              agentctl plans list
              agentctl plans approve 7 && agentctl plans run 7
            """,
        subcommands: [
            PlanList.self, PlanShow.self, PlanEdit.self, PlanApprove.self, PlanStart.self,
            PlanTemplates.self,
        ]
    )
}
