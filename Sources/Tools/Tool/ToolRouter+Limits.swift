package import Conversation
import Definitions
package import JSON
internal import Reactor

extension ToolRouter {
    /// Calls a tool, for no longer than its timeout and the turn's deadline allow.
    ///
    /// It runs on ``WorkThreads``, and its time is kept by others: whatever a tool computes delays neither the turns of the
    /// process nor the end of its own time. A tool that ignores cancellation is waited for: its work is never left running
    /// behind the turn's back.
    ///
    /// - Parameter arguments: Parses and checks the arguments, on the same threads.
    /// - Throws: ``ToolError``; ``ToolError/Code/timeout`` if the time was over first.
    package static func run(
        _ tool: any Tool,
        in context: ToolContext,
        arguments: @escaping @Sendable () async throws(ToolError) -> JSONValue
    ) async throws(ToolError) -> ToolOutput {
        let ownEnd = ContinuousClock.now + tool.limits.timeout
        let end = context.deadline.map { min($0, ownEnd) } ?? ownEnd
        return try await withTaskGroup(of: Outcome.self) { group in
            group.addTask(executorPreference: WorkThreads.shared) {
                do throws(ToolError) {
                    let arguments = try await arguments()
                    if !tool.asksBeforeEffects, tool.effect == .unsafe || tool.effect == .sql { try context.begin() }
                    return .finished(.success(try await tool.call(arguments, in: context)))
                } catch {
                    return .finished(.failure(error))
                }
            }
            group.addTask(executorPreference: globalConcurrentExecutor) {
                // Sleeping ends early when the tool is done, or when the calling task is cancelled.
                do { try await ContinuousClock().sleep(until: end) } catch { return .stoppedWaiting }
                return .timedOut
            }
            return await outcome(of: &group, limit: end < ownEnd ? nil : tool.limits.timeout)
        }.get()
    }

    private enum Outcome: Sendable {
        case finished(Result<ToolOutput, ToolError>)
        case timedOut
        case stoppedWaiting
    }

    /// Waits for the tool, whose word counts even if it comes after its time: what it did is done.
    ///
    /// - Parameter limit: The tool's own; nil where its caller has less time.
    private static func outcome(
        of group: inout TaskGroup<Outcome>,
        limit: Duration?
    ) async -> Result<ToolOutput, ToolError> {
        var isLate = false
        while let outcome = await group.next() {
            switch outcome {
            // A tool that knows itself that it took too long knows more.
            case .finished(.failure(let error)) where isLate && error.code != .timeout:
                let time = limit.map { "it may (\($0))" } ?? "its caller allows"
                var late = ToolError(.timeout, "The tool was stopped: it took longer than \(time).")
                late.printed = error.printed
                return .failure(late)
            case .finished(let result):
                group.cancelAll()
                return result
            case .timedOut:
                isLate = true
                group.cancelAll()
            case .stoppedWaiting:
                continue
            }
        }
        return .failure(ToolError(.cancelled, "The call was cancelled."))
    }

    /// What a model reads of a failure: what was printed until then, and the message.
    static func output(of error: ToolError, of tool: (any Tool)?) -> ToolOutput {
        let separator = error.printed.isEmpty || error.printed.hasSuffix("\n") ? "" : "\n"
        return presentable(ToolOutput("\(error.printed)\(separator)Error: \(error.message)"), of: tool)
    }

    /// An output as it is stored and shown: without U+0000, and within the tool's limit.
    static func presentable(_ output: ToolOutput, of tool: (any Tool)?) -> ToolOutput {
        var output = output
        output.text = output.text.withoutNullCharacters
        let limits = tool?.limits ?? ToolLimits()
        return output.truncated(to: limits.outputBytes, hint: tool?.truncationHint ?? "")
    }
}
