import Conversation
import Models

/// Stands where an agent has its model, in a chain, which asks none.
struct NoModelProvider: ModelProvider {
    var isLanguageModel: Bool { false }

    func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        throw ModelError(.configuration, "A chain has no model.")
    }
}
