import ArgumentParser

/// The command `agentctl users`.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete what a user of the database began.",
        discussion: """
            A user is a role of the database that has made something; agentctl.account has their names, which are the names \
            of the roles.

            EXAMPLE
              agentctl users rm alice --dry-run
              agentctl users rm alice
            """,
        subcommands: [UserRemoval.self]
    )
}
