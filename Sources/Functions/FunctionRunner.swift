import Conversation
package import JSON
package import Postgres
internal import Reactor
internal import Sandbox
import Store
package import Tools

/// Runs functions, whoever calls: an agent, a command, a statement.
package struct FunctionRunner: Sendable {
    package let function: CompiledFunction

    package init(function: CompiledFunction) {
        self.function = function
    }

    private var definition: FunctionDefinition { function.definition }

    /// Rows and bytes that a statement may return.
    package static let maximumRows = 10_000
    static let maximumResultBytes = 1 << 20

    /// Runs it.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which are checked.
    ///   - context: Where and for whom.
    ///   - connection: Where a statement is run, in an open transaction; nil for a transaction of its own.
    /// - Returns: What came of it, whatever happened.
    package func run(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection? = nil
    ) async -> FunctionOutcome {
        let (start, function) = (ContinuousClock.now, function)
        // Within a transaction the caller is on the loop of the database's connections, where a schema may not take its time.
        let threads = connection.map { _ in WorkThreads.shared }
        let complaint = await withTaskExecutorPreference(threads) { () async -> String? in
            function.complaint(about: arguments)
        }
        if let complaint {
            return FunctionOutcome(.error, "invalid_arguments", complaint)
        }
        var outcome: FunctionOutcome
        switch definition.language {
        case .python: outcome = await runPython(arguments, in: context)
        case .sql: outcome = await runSQL(arguments, in: context, within: connection)
        }
        if outcome.duration == .zero { outcome.duration = start.duration(to: .now) }
        let result = outcome.result
        let objection = await withTaskExecutorPreference(threads) { () async -> String? in
            result.flatMap { function.complaint(aboutResult: $0) }
        }
        if let complaint = objection {
            outcome.exitReason = .error
            outcome.errorType = "output_invalid"
            outcome.errorMessage = complaint
            outcome.result = nil
        }
        return outcome
    }

    /// How long a call may take: its own time, and the turn's.
    private func timeLeft(_ context: ToolContext) -> Duration {
        guard let deadline = context.deadline else { return definition.timeout }
        return min(definition.timeout, max(.milliseconds(1), ContinuousClock.now.duration(to: deadline)))
    }

    // MARK: Python

    private func runPython(_ arguments: JSONValue, in context: ToolContext) async -> FunctionOutcome {
        guard let sandbox = context.services.sandbox else {
            return FunctionOutcome(.denied, "sandbox_unavailable", "this process has no sandbox to run code in")
        }
        let granted = definition.secrets.map { (name: $0, value: context.services.secrets.value(named: $0) ?? "") }
        if let missing = granted.first(where: \.value.isEmpty) {
            return FunctionOutcome(
                .error,
                "secret_missing",
                "the environment variable \(missing.name), which the function is granted, is not set for this process"
            )
        }
        var outcome: FunctionOutcome
        do {
            var call = PythonCall(
                .function(name: definition.name),
                source: definition.source,
                bytecode: try await function.bytecode(by: sandbox),
                arguments: arguments,
                context: definition.requiresContext ? .some(Self.context(context, secrets: granted)) : .none,
                allowedImports: definition.allowedImports,
                isSafeMode: definition.isSafeMode,
                workspace: definition.workspace,
                limits: SandboxLimits(
                    timeout: timeLeft(context),
                    memoryBytes: definition.memoryMegabytes << 20,
                    resultBytes: Self.maximumResultBytes
                )
            )
            call.exceptions = try await context.exceptions(for: definition.workspace)
            outcome = FunctionOutcome(try await sandbox.run(call), of: definition)
        } catch let error as CompiledFunction.Unsound {
            outcome = FunctionOutcome(.error, "invalid_source", error.message)
        } catch let error as ToolError {
            outcome = FunctionOutcome(.denied, "workspace", error.message)
        } catch let error as SandboxError {
            outcome = FunctionOutcome(error)
        } catch {
            outcome = FunctionOutcome(.killed, "failed", "\(error)")
        }
        outcome.scrub(granted.sorted { $0.value.utf8.count > $1.value.utf8.count })
        return outcome
    }

    /// Messages that a function is shown at most, and their bytes.
    private static let maximumMessages = 100
    private static let maximumMessageBytes = 256 << 10

    private static func context(_ context: ToolContext, secrets: [(name: String, value: String)]) -> JSONValue {
        var left = maximumMessageBytes
        let messages = context.messages.suffix(maximumMessages).reversed().prefix { message in
            left -= message.content.utf8.count
            return left >= 0
        }
        return [
            "conversation_id": .string(context.conversationID),
            "agent": .string(context.agent),
            "turn": .integer(context.turnSequence),
            "messages": .array(
                messages.reversed().map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }
            ),
            "secrets": .object(JSONObject(secrets.map { ($0.name, .string($0.value)) })),
        ]
    }

    // MARK: SQL

    private func runSQL(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection?
    ) async -> FunctionOutcome {
        guard let translation = function.translation, let queries = context.services.queries else {
            return FunctionOutcome(.denied, "database_unavailable", "this process has no database to run statements in")
        }
        let call = StatementCall(
            translation.statement,
            arguments: arguments,
            isReadOnly: definition.isReadOnly,
            maximumRows: Self.maximumRows,
            maximumBytes: Self.maximumResultBytes,
            timeout: timeLeft(context)
        )
        do throws(StatementError) {
            let rows =
                if let connection { try await queries.run(call, within: connection) } else {
                    try await queries.run(call)
                }
            guard !rows.hasMore else {
                return FunctionOutcome(
                    .output,
                    "output_too_large",
                    "the result has more than \(Self.maximumRows) rows or \(Self.maximumResultBytes) bytes"
                )
            }
            return FunctionOutcome(result: rows.value, rows: rows.text)
        } catch {
            return FunctionOutcome(
                error,
                of: definition,
                at: error.position.map(translation.place(ofPosition:)),
                in: context
            )
        }
    }
}
