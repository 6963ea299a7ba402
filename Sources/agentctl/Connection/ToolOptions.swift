import ArgumentParser

/// The options of commands that call tools.
struct ToolOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory that tools and functions may see; without it they see none.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var workspace: String?

    @Flag(
        name: .customLong("unsafe-no-sandbox"),
        help: ArgumentHelp(
            "Run code that nothing holds back where the machine cannot hold it: it may do all that this user may.",
            discussion:
                "For machines without user namespaces, with code that you trust. It holds for this process, and is logged as a warning."
        )
    )
    var isUnsandboxed = false
}
