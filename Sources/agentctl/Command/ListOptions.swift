import ArgumentParser

/// A command that prints a list.
protocol ListCommand: Command {
    /// What is shown of the list.
    var list: ListOptions { get }
}

/// The options of all commands that print a list.
struct ListOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only these columns, in this order, separated by commas: any field that --json has.",
            valueName: "names"
        )
    )
    var columns: String?
}
