public import JSON

/// A model as its row describes it.
public struct Model: Sendable, Hashable {
    /// The member of the request that carries ``ModelRequest/maximumOutputTokens``.
    public enum OutputLimitMember: String, Sendable, Hashable, CaseIterable {
        /// `max_tokens`, which most servers know.
        case maximumTokens = "max_tokens"
        /// `max_completion_tokens`, which some hosted reasoning models demand.
        case maximumCompletionTokens = "max_completion_tokens"
    }

    /// The name that agents refer to.
    public var name: String

    /// The id of this version of the row.
    public var versionID: Int64

    /// The name of the provider: `openai` or `rules`.
    public var provider: String

    /// The URL before `/chat/completions`.
    public var baseURL: String?

    /// The model's id at the server; empty if the provider has no use for one.
    public var modelID: String

    /// The environment variable that holds the key; nil if the server wants none.
    public var apiKeyEnvironmentVariable: String?

    /// The most tokens of input and output together; nil if unknown.
    public var contextWindow: Int?

    /// What the model costs.
    ///
    /// Default: nothing.
    public var prices: ModelPrices

    /// For the provider `rules`: the rules, in their order.
    public var rules: JSONValue?

    /// The longest silence of the server.
    ///
    /// Default: 120 seconds (a local server may read a long prompt for that long).
    public var idleTimeout: Duration

    /// The longest time from request to the end of the answer.
    ///
    /// Default: 600 seconds.
    public var totalTimeout: Duration

    /// The most bytes that an answer may have on the wire.
    ///
    /// Default: 4 MiB.
    public var maximumResponseBytes: Int

    /// The most tool calls that an answer may ask for.
    ///
    /// Default: 64.
    public var maximumToolCalls: Int

    /// The member of the request that limits the output.
    ///
    /// Default: `max_tokens`.
    public var outputLimitMember: OutputLimitMember

    /// A model.
    ///
    /// - Parameters:
    ///   - name: The name that agents refer to.
    ///   - versionID: The id of this version of the row.
    ///   - provider: The name of the provider.
    ///   - baseURL: The URL before `/chat/completions`.
    ///   - modelID: The model's id at the server.
    ///   - apiKeyEnvironmentVariable: The environment variable that holds the key.
    ///   - contextWindow: The most tokens of input and output together.
    ///   - prices: What the model costs.
    ///   - rules: For the provider `rules`, the rules.
    ///   - idleTimeout: The longest silence of the server.
    ///   - totalTimeout: The longest time from request to the end of the answer.
    ///   - maximumResponseBytes: The most bytes that an answer may have.
    ///   - maximumToolCalls: The most tool calls that an answer may ask for.
    ///   - outputLimitMember: The member of the request that limits the output.
    public init(
        name: String,
        versionID: Int64,
        provider: String,
        baseURL: String? = nil,
        modelID: String = "",
        apiKeyEnvironmentVariable: String? = nil,
        contextWindow: Int? = nil,
        prices: ModelPrices = .free,
        rules: JSONValue? = nil,
        idleTimeout: Duration = .seconds(120),
        totalTimeout: Duration = .seconds(600),
        maximumResponseBytes: Int = 4 << 20,
        maximumToolCalls: Int = 64,
        outputLimitMember: OutputLimitMember = .maximumTokens
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
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.maximumResponseBytes = maximumResponseBytes
        self.maximumToolCalls = maximumToolCalls
        self.outputLimitMember = outputLimitMember
    }
}
