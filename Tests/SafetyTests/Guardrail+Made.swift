import JSON

@testable import Safety

extension Guardrail {
    /// A guardrail of a document; nil when it is none.
    static func made(_ document: String, name: String = "test") -> Guardrail? {
        guard let value = try? JSONValue(parsing: document) else { return nil }
        return GuardrailReader(name: name, version: 1, document: value).guardrail
    }
}
