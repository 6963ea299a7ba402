import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl blocks`.
struct Blocks: DefinitionGroup {
    static let configuration = CommandConfiguration(
        abstract: "See, edit and undo what stands in the blocks that agents always have before them.",
        discussion: """
            Blocks are stored with agentctl register, from documents of the kind block. Agents name them in memory.blocks, and \
            edit them with the tools memory_insert, memory_replace and memory_rethink.

            EXAMPLE
              agentctl blocks list
              agentctl blocks show project
              agentctl blocks edit project --replace ada --with bob
              agentctl blocks history project
              agentctl blocks undo project
            """,
        subcommands: [
            BlockList.self, BlockShow.self, BlockEdit.self, BlockHistory.self, BlockUndo.self,
            DefinitionRemoval<Self>.self,
        ]
    )

    static let kind = "block"
    static let plural = "blocks"
    static let example = "project"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("label"), ReportColumn("per"), ReportColumn("user_id"), ReportColumn("conversation_id"),
        ReportColumn("version", .count), ReportColumn("characters", .count), ReportColumn("character_limit", .count),
        ReportColumn("read_only"), ReportColumn("changed_by"), ReportColumn("changed_at", .time),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.blockReport()
    }
}

/// Which block is meant.
struct BlockOptions: ParsableArguments {
    @Argument(help: "The block's label.")
    var label: String

    @Option(help: ArgumentHelp("The conversation whose block it is, of one that is per conversation.", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("The end user whose block it is, of one that is per user.", valueName: "id"))
    var user: String?

    @Option(
        help: ArgumentHelp("The database user whose application's user it is, when not you.", valueName: "name")
    )
    var account: String?

    func validate() throws {
        if account != nil, user == nil { throw ValidationError("--account is for --user.") }
        if conversation != nil, user != nil { throw ValidationError("--conversation and --user exclude one another.") }
    }

    /// The options as a command line has them: ` --user ada`.
    var text: String {
        (conversation.map { " --conversation \($0)" } ?? "") + (user.map { " --user \($0)" } ?? "")
            + (account.map { " --account \($0)" } ?? "")
    }

    /// What stands in it, as a row of `agentctl.memory_blocks`.
    func row(from stores: Stores) async throws -> JSONObject {
        let rows = try await stores.reports.blockReport(
            label: label,
            conversation: conversation,
            user: user,
            account: account
        )
        if let row = rows.first { return row }
        let report = try await stores.reports.definitionReport(kind: Blocks.kind, name: label)
        if let document = report.definition?["document"] {
            let per = document["per"]?.stringValue ?? ""
            switch (per, user, conversation) {
            case ("user", .some, nil), ("conversation", nil, .some):
                return start(of: document)
            case ("user", _, _), ("conversation", _, _):
                throw CommandFailure(
                    .refused,
                    code: "invalid",
                    "block \"\(label)\" is per \(per)",
                    hint: "Name the \(per): --\(per) ID"
                )
            default:
                throw CommandFailure(
                    .refused,
                    code: "invalid",
                    "block \"\(label)\" is shared by all",
                    hint: "Name neither a conversation nor a user."
                )
            }
        }
        let nearest = report.nearest
        if nearest == label {
            throw CommandFailure(
                .notFound,
                code: "not_found",
                "block \"\(label)\" stands nowhere with\(text.isEmpty ? "out a user or conversation" : text)",
                hint: "agentctl blocks list has those that were shown or edited"
            )
        }
        throw CommandFailure(missing: label, version: nil, of: Blocks.self, nearest: nearest)
    }

    /// What stands in a block before it is shown or edited first: its definition's value.
    private func start(of document: JSONValue) -> JSONObject {
        let value = document["value"]?.stringValue ?? ""
        return [
            "label": .string(label), "per": document["per"] ?? .null,
            "account": account.map { .string($0) } ?? .null, "user_id": user.map { .string($0) } ?? .null,
            "conversation_id": conversation.map { .string($0) } ?? .null, "version": 1,
            "characters": .integer(Int64(value.unicodeScalars.count)), "character_limit": document["limit"] ?? .null,
            "read_only": document["read_only"] ?? .null, "value": .string(value),
            "description": document["description"] ?? .null, "changed_at": .null, "changed_by": .null, "id": .null,
        ]
    }
}
