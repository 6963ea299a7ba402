import ArgumentParser

/// The options of commands that send messages.
struct TurnOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The conversation; a new id starts a new one.", valueName: "id"))
    var conversation: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent, when not the conversation's own.", valueName: "name"))
    var agent: String?

    @OptionGroup var tools: ToolOptions
}
