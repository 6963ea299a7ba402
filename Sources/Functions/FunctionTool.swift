package import Conversation
internal import Definitions
package import JSON
internal import Sandbox
package import Tools

/// A stored function as a tool of an agent.
struct FunctionTool: Tool {
    package let function: CompiledFunction

    package var specification: ToolSpecification {
        ToolSpecification(
            name: function.definition.name,
            description: function.definition.description,
            inputSchema: JSONText(SchemaOrder.applied(to: function.definition.inputSchema))
        )
    }

    package var effect: ToolEffect { function.definition.effect }

    /// What runs the function keeps its time; the router's is for what hangs outside of it.
    package var limits: ToolLimits {
        ToolLimits(
            timeout: function.definition.timeout + .seconds(10),
            outputBytes: function.definition.outputBytes
        )
    }

    /// A function says nothing about its arguments but their names.
    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts(named: arguments)
        facts.mayUseFiles = function.definition.language == .python && function.definition.workspace != .none
        return facts
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        try await context.tell(FunctionRunner(function: function).run(arguments, in: context), of: function, arguments)
    }
}

extension ToolContext {
    /// Records a call, and makes an output or an error of what came of it.
    package func tell(
        _ outcome: FunctionOutcome,
        of function: CompiledFunction,
        _ arguments: JSONValue
    ) throws(ToolError) -> ToolOutput {
        let definition = function.definition
        recorder.add(outcome.record(of: definition, arguments: arguments, callID: callID.isEmpty ? nil : callID))
        for event in outcome.events { recorder.add(event) }
        guard let failure = outcome.failure else { return ToolOutput(outcome.text, value: outcome.result) }
        let code: ToolError.Code =
            switch outcome.exitReason {
            case _ where outcome.isCancelled: .cancelled
            case .timeout: .timeout
            case .denied: .denied
            default: outcome.errorType == "invalid_arguments" ? .invalidArguments : .failed
            }
        throw ToolError(code, "\(definition.name) failed: \(failure)")
    }
}
