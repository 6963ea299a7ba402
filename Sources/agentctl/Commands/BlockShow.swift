import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl blocks show`.
struct BlockShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what stands in a block, or stood in it at a version.",
        discussion: """
            Prints the text alone; with --json also its version, its limit and who changed it last.

            EXAMPLE
              agentctl blocks show project > project.txt
              agentctl blocks show human --user ada --version 3
            """
    )

    @OptionGroup var block: BlockOptions

    @Option(help: ArgumentHelp("The version; the current one without it.", valueName: "number"))
    var version: Int?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            var row = try await block.row(from: stores)
            if let version {
                let versions = try await stores.reports.blockVersions(
                    of: block.label,
                    conversation: block.conversation,
                    user: block.user,
                    account: block.account,
                    limit: BlockHistory.mostVersions
                )
                guard let found = versions.first(where: { $0["version"] == .integer(Int64(version)) }) else {
                    throw CommandFailure(
                        .notFound,
                        code: "not_found",
                        "block \"\(block.label)\" has no version \(version)",
                        hint: "See: agentctl blocks history \(block.label)\(block.text)"
                    )
                }
                row = found
            }
            if console.isJSON {
                console.print(.object(row))
            } else {
                console.print(console.output.shown(row["value"]?.stringValue ?? ""))
            }
            return .done
        }
    }
}
