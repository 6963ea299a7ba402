public import Conversation
public import JSON
public import Postgres

extension ToolImplementation {
    /// A tool of the program that embeds the engine.
    ///
    /// Rules of policies take the arguments `command`, `path` and `url` for a command line, a path and a URL.
    ///
    /// - Parameters:
    ///   - name: The name by which rows refer to it, at most 128 bytes. It has a dot, with letters, digits, `_` and `-`
    ///     around it: `shop.stock`.
    ///   - effect: What a call does to the world unless the row says something else.
    ///   - parameters: The arguments, from which the input schema is generated unless the row has one.
    ///   - call: Does it, for arguments that fit the input schema. Long work observes cancellation: a timeout arrives
    ///     that way.
    public init(
        _ name: String,
        effect: ToolEffect,
        parameters: [ToolParameter] = [],
        call: @escaping @Sendable (_ arguments: JSONValue, ToolContext) async throws(ToolError) -> ToolOutput
    ) {
        self.init(name: name, effect: effect, parameters: parameters) { ProgramTool(settings: $0, body: call) }
    }

    /// A tool of the program that embeds the engine and writes to its database, exactly once: the transaction that
    /// stores the call's result has what it wrote.
    ///
    /// - Parameters:
    ///   - name: The name by which rows refer to it, as of other tools.
    ///   - parameters: The arguments.
    ///   - call: Does it, on a connection whose transaction the engine begins and ends, behind a savepoint that an error
    ///     is rolled back to.
    public init(
        _ name: String,
        parameters: [ToolParameter] = [],
        call:
            @escaping @Sendable (
                _ arguments: JSONValue, ToolContext, PostgresConnection
            ) async throws(ToolError) -> ToolOutput
    ) {
        self.init(name: name, effect: .sql, parameters: parameters) { ProgramSQLTool(settings: $0, body: call) }
    }

    private init(
        name: String,
        effect: ToolEffect,
        parameters: [ToolParameter],
        tool: @escaping @Sendable (ToolSettings) -> any Tool
    ) {
        self.init(
            name: name,
            // The row has to have one.
            description: "",
            effect: effect,
            parameters: parameters,
            configurationMembers: [],
            make: { settings, _ in tool(settings) }
        )
    }
}

private struct ProgramTool: ImplementedTool {
    let settings: ToolSettings
    let body: @Sendable (JSONValue, ToolContext) async throws(ToolError) -> ToolOutput

    /// The program says nothing about the arguments but their names.
    func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(named: arguments) }

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        try await body(arguments, context)
    }
}

private struct ProgramSQLTool: ImplementedTool, TransactionalTool {
    let settings: ToolSettings
    let body: @Sendable (JSONValue, ToolContext, PostgresConnection) async throws(ToolError) -> ToolOutput

    func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(named: arguments) }

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "This tool runs only in the transaction of a turn: its effect has to be sql.")
    }

    func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        try await body(arguments, context, connection)
    }
}
