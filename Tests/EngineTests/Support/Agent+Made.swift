import JSON

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Safety
@testable import Tools

extension Agent {
    /// An agent that no row describes.
    static func made(
        provider: any ModelProvider,
        prices: ModelPrices = .free,
        marksOutputs: Bool = false,
        retry: ModelRetryLimits = .usual,
        fallbacks: [AgentModel] = [],
        tools: [any Tool] = [],
        policy: any CallPolicy = PermissivePolicy()
    ) throws(ToolError) -> Agent {
        var model = Model(name: "fake", versionID: 7, provider: "openai", prices: prices)
        model.retry = retry
        return Agent(
            name: "assistant",
            version: 1,
            versionID: 1,
            epoch: 1,
            settings: AgentSettings(document: [:]),
            systemPrompt: "",
            instructions: "",
            marksOutputs: marksOutputs,
            model: model,
            provider: provider,
            tokens: TokenEstimator(),
            fallbacks: fallbacks,
            tools: try ToolRouter(tools),
            toolImplementations: [:],
            policy: policy,
            guardrails: nil,
            toolVersions: [:],
            inputSchema: nil,
            outputSchema: nil,
            outputSchemaDocument: nil
        )
    }
}
