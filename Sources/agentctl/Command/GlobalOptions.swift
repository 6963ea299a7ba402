import ArgumentParser

/// The options that all commands have.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print JSON: one document, or one object a line where it streams.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print the answer and errors only.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "Of a list only these columns, in this order, separated by commas: any field that --json has.",
            valueName: "names"
        )
    )
    var columns: String?

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "The database, as postgresql://user@host/name; else DATABASE_URL, else PG* variables, else a private server.",
            valueName: "url"
        )
    )
    var databaseURL: String?
}
