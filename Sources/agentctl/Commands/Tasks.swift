import ArgumentParser

/// The command `agentctl tasks`.
struct Tasks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand in tasks, and see what became of them.",
        discussion: """
            A task is work for an agent that is named, or chosen by what it can do. Agents delegate tasks as well. What fails \
            without having had an effect goes to the next agent that can do it; what is given up is dead, with the reason.

            EXAMPLE
              agentctl tasks run 'Find TODOs' --capability search --wait
              agentctl tasks list --state dead
              agentctl tasks retry 17
            """,
        subcommands: [TaskList.self, TaskShow.self, TaskRun.self, TaskCancel.self, TaskRetry.self]
    )
}
