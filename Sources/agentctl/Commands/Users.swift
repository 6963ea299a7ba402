import ArgumentParser

/// The command `agentctl users`.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete what a user began, or export what is known of one.",
        discussion: """
            A user is a role of the database that has made something; agentctl.account has their names, which are the names \
            of the roles. erase and export are for the users of an application, whom send --user names.

            EXAMPLE
              agentctl users rm alice --dry-run
              agentctl users rm alice
              agentctl users erase ada --account web_app
            """,
        subcommands: [UserRemoval.self, UserErasure.self, UserExport.self]
    )
}
