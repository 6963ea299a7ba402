package import Conversation
package import JSON

/// The body of a Chat Completions request.
package struct ChatCompletionRequest: Sendable, Hashable {
    /// The member that carries ``ModelRequest/maximumOutputTokens``.
    package enum OutputLimitMember: String, Sendable, Hashable, CaseIterable {
        /// `max_tokens`, which most servers know.
        case maximumTokens = "max_tokens"
        /// `max_completion_tokens`, which some hosted reasoning models demand.
        case maximumCompletionTokens = "max_completion_tokens"
    }

    /// How an answer that fits a schema is asked for, the strictest form first.
    package enum StructuredOutput: String, Sendable, Hashable, CaseIterable {
        /// The server is given the schema.
        case schema = "json_schema"
        /// The server is asked for a JSON object.
        case object = "json_object"
        /// The server is not asked.
        case none
    }

    /// Members that no option may replace.
    package static let ownMembers = ["model", "messages", "input", "tools", "stream", "system", "instructions"]

    /// The model's id at the server.
    package var modelID: String

    /// What is asked: the conversation, the tools on offer and the settings.
    package var content: ModelRequest

    /// The member that limits the output.
    package var outputLimitMember: OutputLimitMember

    /// Whether the answer is wanted as a stream.
    package var isStreaming: Bool

    /// Whether a stream is to end with the usage.
    package var includesUsage: Bool

    /// How an answer is asked for that fits the content's schema.
    package var structuredOutput = StructuredOutput.schema

    /// Members added to the body; one that the request has by itself is written as it is here.
    package var options: JSONObject = [:]

    /// Members that are not written.
    package var omittedMembers: Set<String> = []

    /// A request.
    ///
    /// - Parameters:
    ///   - modelID: The model's id at the server.
    ///   - content: What is asked.
    ///   - outputLimitMember: The member that limits the output.
    ///   - isStreaming: Whether the answer is wanted as a stream.
    ///   - includesUsage: Whether a stream is to end with the usage.
    package init(
        modelID: String,
        content: ModelRequest,
        outputLimitMember: OutputLimitMember = .maximumTokens,
        isStreaming: Bool = true,
        includesUsage: Bool = true
    ) {
        self.modelID = modelID
        self.content = content
        self.outputLimitMember = outputLimitMember
        self.isStreaming = isStreaming
        self.includesUsage = includesUsage
    }
}
