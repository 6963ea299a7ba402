import Definitions
package import JSON
package import Wire

/// A model as its row describes it.
public struct Model: Sendable, Hashable {
    /// The name that agents refer to.
    public package(set) var name: String

    /// The id of this version of the row.
    package var versionID: Int64

    /// The name of the provider: `openai` (Chat Completions), `openai_responses`, `anthropic`, `rules`, or one of an
    /// embedding program, which has a dot.
    public package(set) var provider: String

    /// The URL before the provider's path: `/chat/completions`, `/responses`, or `/messages`.
    public package(set) var baseURL: String?

    /// The model's id at the server; empty if the provider has no use for one.
    public package(set) var modelID: String

    /// The environment variable that holds the key; nil if the server wants none.
    public package(set) var apiKeyEnvironmentVariable: String?

    /// The most tokens of input and output together; nil if unknown.
    public package(set) var contextWindow: Int?

    /// What the model costs.
    ///
    /// Default: nothing.
    package var prices: ModelPrices

    /// For the provider `rules`: the rules, in their order.
    package var rules: JSONValue?

    /// The longest silence of the server.
    ///
    /// Default: 120 seconds (a local server may read a long prompt for that long).
    public package(set) var idleTimeout: Duration

    /// The longest time from request to the first piece of the answer; nil for what the other limits allow.
    package var firstTokenTimeout: Duration?

    /// The longest time from request to the end of the answer.
    ///
    /// Default: 600 seconds.
    public package(set) var totalTimeout: Duration

    /// The most bytes that an answer may have: on the wire, or, in dialects whose events are long, of what it consists of.
    ///
    /// Default: 4 MiB.
    public package(set) var maximumResponseBytes: Int

    /// The most tool calls that an answer may ask for.
    ///
    /// Default: 64.
    public package(set) var maximumToolCalls: Int

    /// The member of the request that limits the output.
    ///
    /// Default: `max_tokens`.
    package var outputLimitMember: ChatCompletionRequest.OutputLimitMember

    /// How an answer that fits a schema is asked for.
    ///
    /// Default: `json_schema`.
    package var structuredOutput: StructuredOutput = .schema

    /// How it is asked for calls of tools.
    ///
    /// Default: `native`.
    package var toolCalling: ToolCalling = .native

    /// What is added to the body of each request, and what is left out of it.
    package var changes = RequestChanges()

    /// How often it is asked again after a failure that passes.
    package var retry: ModelRetryLimits = .usual

    /// What it is for.
    ///
    /// Default: it answers messages.
    package var purpose = ModelPurpose.chat

    /// The models that are asked when it fails, in order.
    package var fallbacks: [ModelFallback] = []

    /// The endpoint that the model names, from which its address and the variable of its key are; nil for a model that
    /// says these itself.
    package var sharedEndpoint: ModelEndpoint?

    /// The name of its endpoint, or the server with the variable that holds its key: models that have that in common fail
    /// together; nil for a model without a server.
    package var endpoint: String? {
        if let sharedEndpoint { return sharedEndpoint.name }
        return baseURL.map { url in apiKeyEnvironmentVariable.map { "\(url) \($0)" } ?? url }
    }

    private static let defaults = FieldDefaults(of: "model")

    /// A model.
    ///
    /// - Parameters:
    ///   - name: The name that agents refer to.
    ///   - versionID: The id of this version of the row.
    ///   - provider: The name of the provider.
    ///   - baseURL: The URL before the provider's path.
    ///   - modelID: The model's id at the server.
    ///   - apiKeyEnvironmentVariable: The environment variable that holds the key.
    ///   - contextWindow: The most tokens of input and output together.
    ///   - prices: What the model costs.
    ///   - rules: For the provider `rules`, the rules.
    ///   - idleTimeout: The longest silence of the server; nil for the default, as of the limits that follow.
    ///   - totalTimeout: The longest time from request to the end of the answer.
    ///   - maximumResponseBytes: The most bytes that an answer may have.
    ///   - maximumToolCalls: The most tool calls that an answer may ask for.
    ///   - outputLimitMember: The member of the request that limits the output.
    package init(
        name: String,
        versionID: Int64,
        provider: String,
        baseURL: String? = nil,
        modelID: String = "",
        apiKeyEnvironmentVariable: String? = nil,
        contextWindow: Int? = nil,
        prices: ModelPrices = .free,
        rules: JSONValue? = nil,
        idleTimeout: Duration? = nil,
        totalTimeout: Duration? = nil,
        maximumResponseBytes: Int? = nil,
        maximumToolCalls: Int? = nil,
        outputLimitMember: ChatCompletionRequest.OutputLimitMember = .maximumTokens
    ) {
        self.name = name
        self.versionID = versionID
        self.provider = provider
        self.baseURL = baseURL
        self.modelID = modelID
        self.apiKeyEnvironmentVariable = apiKeyEnvironmentVariable
        self.contextWindow = contextWindow
        self.prices = prices
        self.rules = rules
        self.idleTimeout = idleTimeout ?? Self.defaults.seconds("idle_timeout")
        self.totalTimeout = totalTimeout ?? Self.defaults.seconds("timeout")
        self.maximumResponseBytes = maximumResponseBytes ?? Self.defaults.integer("max_response_bytes")
        self.maximumToolCalls = maximumToolCalls ?? Self.defaults.integer("max_tool_calls")
        self.outputLimitMember = outputLimitMember
    }
}
