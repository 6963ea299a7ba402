import Conversation
internal import JSON
import JSONSchema
import Models
import Orchestration
internal import Reactor
import Tools

extension Agent {
    /// What answers in place of a model, where that is a plan.
    var planProvider: PlanProvider? { provider as? PlanProvider }

    /// What does not fit the input schema; nil when everything does, or there is none.
    ///
    /// It is found off the worker's loop, as an author's schema may take seconds.
    func complaint(aboutInput input: JSONValue) async -> String? {
        guard let inputSchema else { return nil }
        return await withTaskExecutorPreference(WorkThreads.shared) { () async -> String? in
            Self.complaint(inputSchema.validate(input))
        }
    }

    /// What does not fit the output schema; nil when everything does, or there is none.
    func complaint(aboutOutput text: String) async -> String? {
        guard let outputSchema else { return nil }
        return await withTaskExecutorPreference(WorkThreads.shared) { () async -> String? in
            do throws(JSONParseError) {
                return Self.complaint(outputSchema.validate(try JSONValue(parsing: text)))
            } catch {
                return "the answer is not JSON: \(error)"
            }
        }
    }

    private static func complaint(_ violations: [JSONSchemaViolation]) -> String? {
        guard !violations.isEmpty else { return nil }
        return violations.prefix(10).map(\.description).joined(separator: "; ")
    }

    /// The request of a turn to the agent's model.
    ///
    /// - Parameters:
    ///   - messages: What it is shown.
    ///   - mayDelegate: Whether the turn may have tasks below it.
    func request(_ messages: [ChatMessage], mayDelegate: Bool) -> ModelRequest {
        let hasNone = !mayDelegate && tools.delegateTool(named: DelegateTool.name) != nil
        return ModelRequest(
            messages: messages,
            tools: hasNone ? tools.specifications.filter { $0.name != DelegateTool.name } : tools.specifications,
            temperature: settings.temperature,
            topP: settings.topP,
            presencePenalty: settings.presencePenalty,
            frequencyPenalty: settings.frequencyPenalty,
            maximumOutputTokens: settings.maximumOutputTokens,
            outputSchema: outputSchemaDocument
        )
    }
}
