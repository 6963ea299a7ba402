import Conversation
internal import JSON
import JSONSchema
import Models
import Orchestration
import Tools

extension Agent {
    /// What answers in place of a model, where that is a plan.
    var planProvider: PlanProvider? { provider as? PlanProvider }

    /// What does not fit the input schema; nil when everything does, or there is none.
    func complaint(aboutInput input: JSONValue) -> String? {
        inputSchema.flatMap { Self.complaint($0.validate(input)) }
    }

    /// What does not fit the output schema; nil when everything does, or there is none.
    func complaint(aboutOutput text: String) -> String? {
        guard let outputSchema else { return nil }
        do throws(JSONParseError) {
            return Self.complaint(outputSchema.validate(try JSONValue(parsing: text)))
        } catch {
            return "the answer is not JSON: \(error)"
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
