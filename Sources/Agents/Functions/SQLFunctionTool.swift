internal import JSON
internal import Postgres

/// A stored statement with the effect `sql`: it runs in the transaction that stores its result, and so exactly once.
struct SQLFunctionTool: TransactionalTool {
    private let tool: FunctionTool

    init(function: CompiledFunction) {
        tool = FunctionTool(function: function)
    }

    var specification: ToolSpecification { tool.specification }
    var effect: ToolEffect { tool.effect }
    var limits: ToolLimits { tool.limits }

    func facts(of arguments: JSONValue) -> ToolFacts { tool.facts(of: arguments) }

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        try await tool.call(arguments, in: context)
    }

    func call(
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
