package import Conversation
internal import JSON
package import JSONSchema
package import Postgres
internal import Reactor

/// Takes a model's calls to an agent's tools.
///
/// It finds the tool, parses and checks the arguments, holds the tool to its time and its output to its limit. Whatever
/// is wrong with a call becomes an output that the model can learn from; nothing is thrown.
package struct ToolRouter: Sendable {
    /// The most bytes that a call's arguments may have.
    package static let maximumArgumentBytes = 1 << 20

    /// The most calls of one answer that run at once.
    package static let maximumConcurrentCalls = 16

    /// A tool with its compiled schema.
    package struct Entry: Sendable {
        package let tool: any Tool
        /// What a model's arguments fit.
        package let schema: JSONSchema
        /// What all arguments fit, those that the engine fills in as well.
        let wholeSchema: JSONSchema
        let bindings: [ArgumentBinding]
    }

    /// What models are told about the tools, in the order in which they were given.
    package let specifications: [ToolSpecification]

    package let entries: [String: Entry]

    /// A router for some tools, their schemas compiled once.
    ///
    /// - Parameter tools: The tools; their order is kept.
    /// - Throws: ``ToolError/Code/configuration`` if a schema is not valid or two tools have the same name.
    package init(_ tools: [any Tool]) throws(ToolError) {
        var entries: [String: Entry] = [:]
        var told: [ToolSpecification] = []
        for tool in tools {
            let name = tool.specification.name
            guard entries[name] == nil else {
                throw ToolError(.configuration, "there are two tools named \"\(name)\"", isFatal: true)
            }
            do {
                let whole = try tool.specification.inputSchema.value()
                let (bindings, schema) = try ArgumentBinding.split(whole)
                let compiled = try JSONSchema(schema)
                entries[name] = Entry(
                    tool: tool,
                    schema: compiled,
                    wholeSchema: bindings.isEmpty ? compiled : try JSONSchema(whole),
                    bindings: bindings
                )
                told.append(bindings.isEmpty ? tool.specification : tool.specification.with(inputSchema: schema))
            } catch {
                throw ToolError(.configuration, "the input schema of \"\(name)\" is not valid: \(error)", isFatal: true)
            }
        }
        self.entries = entries
        specifications = told
    }

    /// A router with one more tool.
    ///
    /// - Throws: ``ToolError/Code/configuration`` as for a new one.
    package func adding(_ tool: any Tool) throws(ToolError) -> ToolRouter {
        try ToolRouter(specifications.compactMap { entries[$0.name]?.tool } + [tool])
    }

    /// The tool with a name, if there is one.
    package func tool(named name: String) -> (any Tool)? {
        entries[name]?.tool
    }

    /// Calls a tool.
    ///
    /// - Parameters:
    ///   - request: The call as the model asked for it.
    ///   - context: Where and for whom.
    /// - Returns: The result; see ``ToolCallResult/error`` for whether it failed. When the calling task is cancelled, the
    ///   error says whether the call had begun: ``ToolError/Code/notBegun`` or ``ToolError/Code/cancelled``.
    package func call(_ request: ToolCallRequest, in context: ToolContext) async -> ToolCallResult {
        await result(of: request) { entry throws(ToolError) in
            try await Self.run(entry.tool, in: context) { () async throws(ToolError) in
                let arguments = try await entry.arguments(of: request, in: context)
                try entry.tool.check(arguments, in: context)
                return arguments
            }
        }
    }

    /// Calls a tool that takes part in a transaction.
    ///
    /// - Parameters:
    ///   - request: The call as the model asked for it.
    ///   - context: Where and for whom.
    ///   - connection: The connection, in an open transaction.
    /// - Returns: The result, as ``call(_:in:)`` returns it.
    package func call(
        _ request: ToolCallRequest,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async -> ToolCallResult {
        await result(of: request) { entry throws(ToolError) in
            let arguments = try await withTaskExecutorPreference(WorkThreads.shared) {
                () async throws(ToolError) -> JSONValue in
                let arguments = try await entry.arguments(of: request, in: context)
                try entry.tool.check(arguments, in: context)
                return arguments
            }
            guard let tool = entry.tool as? any TransactionalTool else {
                throw ToolError(.failed, "This tool cannot take part in a transaction.")
            }
            return try await tool.call(arguments, in: context, within: connection)
        }
    }

    /// Calls several tools at once.
    ///
    /// - Parameter calls: The calls of one answer, each with its context.
    /// - Returns: The results in the order of the calls.
    package func call(_ calls: [(request: ToolCallRequest, context: ToolContext)]) async -> [ToolCallResult] {
        await withTaskGroup(of: (Int, ToolCallResult).self) { group in
            var results: [ToolCallResult?] = Array(repeating: nil, count: calls.count)
            for (index, (request, context)) in calls.enumerated() {
                if index >= Self.maximumConcurrentCalls, let (done, result) = await group.next() {
                    results[done] = result
                }
                group.addTask { (index, await call(request, in: context)) }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap { $0 }
        }
    }

    /// Finds the tool, checks the arguments, and makes a result of whatever comes of the call.
    private func result(
        of request: ToolCallRequest,
        _ body: (Entry) async throws(ToolError) -> ToolOutput
    ) async -> ToolCallResult {
        let started = ContinuousClock.now
        do throws(ToolError) {
            if Task.isCancelled { throw ToolError(.notBegun, "The turn was stopped before the call began.") }
            let entry = try entry(named: request.name)
            let output = try await body(entry)
            return ToolCallResult(
                call: request,
                output: Self.presentable(output, of: entry.tool),
                error: output.isFailure ? ToolError(.failed, "What was run has failed.") : nil,
                duration: .now - started
            )
        } catch {
            return ToolCallResult(
                call: request,
                output: Self.output(of: error, of: entries[request.name]?.tool),
                error: error,
                duration: .now - started
            )
        }
    }
}
