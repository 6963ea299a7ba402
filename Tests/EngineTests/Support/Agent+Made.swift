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
        tools: [any Tool] = [],
        policy: any CallPolicy = PermissivePolicy()
    ) throws(ToolError) -> Agent {
        Agent(
            name: "assistant",
            version: 1,
            versionID: 1,
            epoch: 1,
            settings: AgentSettings(document: [:]),
            systemPrompt: "",
            instructions: "",
            marksOutputs: false,
            model: Model(name: "fake", versionID: 7, provider: "openai", prices: prices),
            provider: provider,
            tokens: TokenEstimator(),
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
