import ArgumentParser

/// The options that all commands have.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print JSON: one document, or one object a line where it streams.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print the answer and errors only.")
    var quiet = false

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "The database, as postgresql://user@host/name; else DATABASE_URL, else PG* variables, else a private server.",
            valueName: "url"
        )
    )
    var databaseURL: String?
}
