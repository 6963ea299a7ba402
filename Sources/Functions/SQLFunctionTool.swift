import Conversation
internal import JSON
import Postgres
import Tools

/// A stored statement with the effect `sql`: it runs in the transaction that stores its result, and so exactly once.
struct SQLFunctionTool: TransactionalTool {
    private let tool: FunctionTool

    init(function: CompiledFunction) {
        tool = FunctionTool(function: function)
    }

    package var specification: ToolSpecification { tool.specification }
    package var effect: ToolEffect { tool.effect }
    package var limits: ToolLimits { tool.limits }
    package var runsForeignStatements: Bool { true }

    package func facts(of arguments: JSONValue) -> ToolFacts { tool.facts(of: arguments) }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        try await tool.call(arguments, in: context)
    }

    package func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        let runner = FunctionRunner(function: tool.function)
        return try await context.tell(
            runner.run(arguments, in: context, within: connection),
            of: tool.function,
            arguments
        )
    }
}
