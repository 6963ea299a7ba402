import ArgumentParser

/// The command `agentctl grants`.
struct Grants: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See and say who may use which agents, chains and functions.",
        discussion: """
            Owners and workers may use all of them. Others may use those whose document says "access: everyone", and those \
            that are granted to a database role that they are in. Who may use a chain uses the agents inside it through it.

            EXAMPLE
              agentctl grants list
              agentctl grants add agent support web_app
              agentctl grants remove agent support web_app
            """,
        subcommands: [GrantList.self, GrantAdd.self, GrantRemove.self]
    )
}
