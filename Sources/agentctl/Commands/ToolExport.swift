import ArgumentParser
import Conversation
import Engine
import JSON
import Models
import Store
import Tools

/// The command `agentctl tools export`.
struct ToolExport: Command {
    /// Whose words for a tool.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case openai
        case anthropic
        case mcp
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print what models receive about the tools, as other programs expect it.",
        discussion: """
            openai is the tools of a Chat Completions request, anthropic those of a Messages request, mcp the answer to \
            tools/list of the Model Context Protocol. Without names, all tools in force. A tool that cannot be used is left \
            out, a warning says why, and the command ends with 3.

            EXAMPLE
              agentctl tools export --format openai calculator search
              agentctl tools export --format mcp | jq '.tools[].name'
            """
    )

    @Option(help: "openai, anthropic or mcp.")
    var format: Format

    @Argument(help: ArgumentHelp("The tools; else all.", valueName: "name"))
    var names: [String] = []

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            let catalog = try await ToolDefinitions.catalog(definitions)
            var entries: [JSONValue] = []
            var unusable: [String] = []
            for name in names.isEmpty ? catalog.names : names {
                do {
                    let tool = try catalog.existingTool(name)
                    entries.append(try entry(tool))
                } catch let error as ToolError {
                    // What others can be used is wanted nevertheless.
                    unusable.append(name)
                    console.note("warning: \(error.message)")
                }
            }
            console.print(format == .mcp ? ["tools": .array(entries)] : .array(entries))
            guard !unusable.isEmpty else { return .done }
            let list = unusable.joined(separator: ", ")
            console.report(CommandFailure(.refused, code: "configuration", "left out, as not usable: \(list)"))
            return .refused
        }
    }

    private func entry(_ tool: any Tool) throws -> JSONValue {
        let specification = tool.specification
        let (name, description) = (JSONValue.string(specification.name), JSONValue.string(specification.description))
        let schema = try specification.inputSchema.value()
        switch format {
        case .openai:
            return ["type": "function", "function": ["name": name, "description": description, "parameters": schema]]
        case .anthropic:
            return ["name": name, "description": description, "input_schema": schema]
        case .mcp:
            let annotations: JSONValue = [
                "readOnlyHint": .bool(tool.effect == .pure), "destructiveHint": .bool(tool.effect == .unsafe),
                "idempotentHint": .bool(tool.effect == .pure || tool.effect == .idempotent),
            ]
            return ["name": name, "description": description, "inputSchema": schema, "annotations": annotations]
        }
    }
}
