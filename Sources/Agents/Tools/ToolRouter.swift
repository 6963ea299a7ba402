internal import JSON

/// Takes a model's calls to an agent's tools.
///
/// It finds the tool, parses and checks the arguments, holds the tool to its time and its output to its limit. Whatever
/// is wrong with a call becomes an output that the model can learn from; only cancellation is thrown.
public struct ToolRouter: Sendable {
    /// The most bytes that a call's arguments may have.
    public static let maximumArgumentBytes = 1 << 20

    /// The most calls of one answer that run at once.
    public static let maximumConcurrentCalls = 16

    /// A tool with its compiled schema.
    struct Entry: Sendable {
        let tool: any Tool
        let schema: JSONSchema
    }

    /// What models are told about the tools, in the order in which they were given.
    public let specifications: [ToolSpecification]

    let entries: [String: Entry]

    /// A router for some tools, their schemas compiled once.
    ///
    /// - Parameter tools: The tools; their order is kept.
    /// - Throws: ``ToolError/Code/configuration`` if a schema is not valid or two tools have the same name.
    public init(_ tools: [any Tool]) throws(ToolError) {
        var entries: [String: Entry] = [:]
        for tool in tools {
            let name = tool.specification.name
            guard entries[name] == nil else {
                throw ToolError(.configuration, "there are two tools named \"\(name)\"", isFatal: true)
            }
            do {
                let schema = try JSONSchema(tool.specification.inputSchema.value())
                entries[name] = Entry(tool: tool, schema: schema)
            } catch {
                throw ToolError(.configuration, "the input schema of \"\(name)\" is not valid: \(error)", isFatal: true)
            }
        }
        self.entries = entries
        specifications = tools.map(\.specification)
    }

    /// The tool with a name, if there is one.
    public func tool(named name: String) -> (any Tool)? {
        entries[name]?.tool
    }

    /// Calls a tool.
    ///
    /// - Parameters:
    ///   - request: The call as the model asked for it.
    ///   - context: Where and for whom.
    /// - Returns: The result; see ``ToolCallResult/error`` for whether it failed.
    /// - Throws: `CancellationError` if the calling task is cancelled.
    public func call(
        _ request: ToolCallRequest,
        in context: ToolContext
    ) async throws(CancellationError) -> ToolCallResult {
        if Task.isCancelled { throw CancellationError() }
        let started = ContinuousClock.now
        do {
            let entry = try entry(named: request.name)
            let arguments = try arguments(of: request, for: entry)
            let output = try await Self.run(entry.tool, arguments, in: context)
            if Task.isCancelled { throw CancellationError() }
            return ToolCallResult(
                call: request,
                output: Self.presentable(output, of: entry.tool),
                duration: .now - started
            )
        } catch let error as ToolError {
            if Task.isCancelled { throw CancellationError() }
            let tool = entries[request.name]?.tool
            let output = ToolOutput("Error: \(error.message)")
            return ToolCallResult(
                call: request,
                output: Self.presentable(output, of: tool),
                error: error,
                duration: .now - started
            )
        } catch {
            throw CancellationError()
        }
    }

    /// Calls several tools at once.
    ///
    /// - Parameters:
    ///   - requests: The calls of one answer.
    ///   - context: Where and for whom; each call gets its own id as ``ToolContext/callID``.
    /// - Returns: The results in the order of the calls.
    /// - Throws: `CancellationError` if the calling task is cancelled.
    public func call(
        _ requests: [ToolCallRequest],
        in context: ToolContext
    ) async throws(CancellationError) -> [ToolCallResult] {
        do {
            return try await withThrowingTaskGroup(of: (Int, ToolCallResult).self) { group in
                var results: [ToolCallResult?] = Array(repeating: nil, count: requests.count)
                for (index, request) in requests.enumerated() {
                    if index >= Self.maximumConcurrentCalls, let (done, result) = try await group.next() {
                        results[done] = result
                    }
                    var callContext = context
                    callContext.callID = request.id
                    group.addTask { [callContext] in (index, try await call(request, in: callContext)) }
                }
                for try await (done, result) in group { results[done] = result }
                return results.compactMap { $0 }
            }
        } catch {
            throw CancellationError()
        }
    }
}
