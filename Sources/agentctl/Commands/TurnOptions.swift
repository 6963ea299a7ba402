import ArgumentParser

/// The options of commands that send messages.
struct TurnOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The conversation; a new id starts a new one.", valueName: "id"))
    var conversation: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent, when not the conversation's own.", valueName: "name"))
    var agent: String?

    @Option(
        help: ArgumentHelp(
            "Your application's user whom a new conversation is for: what is remembered of that user is seen in it.",
            valueName: "id"
        )
    )
    var user: String?

    @OptionGroup var tools: ToolOptions
}
