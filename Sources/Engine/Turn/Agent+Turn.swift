import Conversation
internal import JSON
import JSONSchema
import Models
import Tools

extension Agent {
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
    func request(_ messages: [ChatMessage]) -> ModelRequest {
        ModelRequest(
            messages: messages,
            tools: tools.specifications,
            temperature: settings.temperature,
            topP: settings.topP,
            presencePenalty: settings.presencePenalty,
            frequencyPenalty: settings.frequencyPenalty,
            maximumOutputTokens: settings.maximumOutputTokens,
            outputSchema: outputSchemaDocument
        )
    }
}
