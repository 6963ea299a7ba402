internal import Conversation
internal import Synchronization
internal import Wire

/// Members of requests that a server has refused, and that it is not sent any more.
///
/// They change nothing of what the model is asked. Another member may be refused for its value: then the error names the
/// field of the model's row that leaves it out.
final class RefusedMembers: Sendable {
    private struct Learned {
        var refusesStreamOptions = false
        var refusesReasoning = false
        var refusesStop = false
        var structuredOutput: StructuredOutput?
    }

    /// Members that a document can leave out.
    private static let optional = [
        "temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens", "max_completion_tokens",
    ]

    /// Members by which the dialects ask for an answer that fits a schema.
    private static let formats = ["response_format", "json_schema", "text.format", "output_config", "output_format"]

    /// Members that say how an answer is streamed.
    private static let streamOptions = ["stream_options", "include_usage", "include_obfuscation"]

    /// How errors name the member with the texts at which an answer ends.
    private static let stops = ["'stop'", "\"stop\"", "`stop`", "stop_sequences", ": stop", "stop:"]

    private let learned = Mutex(Learned())

    /// What a request asks for besides its content.
    struct Extras {
        /// Whether it says how the answer is streamed: with its usage at the end, or without random characters.
        var hasStreamOptions = false
        /// Whether reasoning is asked for, to be sent back.
        var includesReasoning = false
        /// Whether it says at which text the answer ends.
        var hasStop = false
        /// How an answer is asked for that fits a schema; `none` if there is no schema.
        var structuredOutput: StructuredOutput
    }

    /// What is asked for, without what was refused before.
    func without(_ extras: Extras) -> Extras {
        var extras = extras
        learned.withLock { learned in
            if learned.refusesStreamOptions { extras.hasStreamOptions = false }
            if learned.refusesReasoning { extras.includesReasoning = false }
            if learned.refusesStop { extras.hasStop = false }
            if extras.structuredOutput != .none, let form = learned.structuredOutput {
                extras.structuredOutput = form
            }
        }
        return extras
    }

    /// Learns from a refusal.
    ///
    /// - Parameters:
    ///   - error: What the server says.
    ///   - extras: What was asked for.
    /// - Returns: Whether the request would be another one now.
    func learn(from error: ModelError, to extras: Extras) -> Bool {
        guard Self.isRefusal(error) else { return false }
        return learned.withLock { learned in
            if extras.hasStreamOptions, Self.streamOptions.contains(where: error.names) {
                learned.refusesStreamOptions = true
                return true
            }
            if extras.includesReasoning, Self.refusesReasoning(error) {
                learned.refusesReasoning = true
                return true
            }
            if extras.hasStop, Self.stops.contains(where: error.names) {
                learned.refusesStop = true
                return true
            }
            // A schema that the server cannot read is its author's to correct, and says nothing about others.
            guard !Self.refusesSchema(error), Self.formats.contains(where: error.names),
                let weaker = extras.structuredOutput.weaker
            else { return false }
            learned.structuredOutput = weaker
            return true
        }
    }

    /// Whether anything of an answer was shown.
    private final class Shown: Sendable {
        let isAny = Atomic(false)
    }

    /// Asks a server, and again with less if it refuses what it need not be sent.
    ///
    /// - Parameters:
    ///   - wanted: What is asked for besides the content.
    ///   - request: The content.
    ///   - onDelta: Receives each piece of the answer as it arrives. After the first the server is not asked again: the
    ///     answer would begin anew behind what is shown already.
    ///   - ask: Sends a request that asks for as much, with or without what the server sent beside earlier calls.
    /// - Returns: The answer.
    /// - Throws: ``ModelError`` of the last request, with what to write into the model's document if that helps.
    func asking(
        for wanted: Extras,
        with request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void,
        _ ask: (
            Extras, _ hasNatives: Bool, _ onDelta: @escaping @Sendable (ModelDelta) -> Void
        ) async throws(ModelError) -> ModelResponse
    ) async throws(ModelError) -> ModelResponse {
        var hasNatives = true
        let shown = Shown()
        while true {
            let extras = without(wanted)
            do throws(ModelError) {
                return try await ask(extras, hasNatives) { delta in
                    shown.isAny.store(true, ordering: .relaxed)
                    onDelta(delta)
                }
            } catch {
                let isShown = shown.isAny.load(ordering: .relaxed)
                // Each time less is asked for, six times at most.
                if learn(from: error, to: extras), !isShown { continue }
                if !isShown, hasNatives, Self.refusesNatives(error), request.messages.contains(where: \.hasNatives) {
                    hasNatives = false
                    continue
                }
                throw Self.hinting(error)
            }
        }
    }

    /// Whether a model has no reasoning that could be sent.
    private static func refusesReasoning(_ error: ModelError) -> Bool {
        let message = error.message.lowercased()
        return message.contains("not supported") && ["encrypted", "include"].contains { message.contains($0) }
            || message.contains("reasoning.encrypted_content")
    }

    /// Whether a server refuses what a schema says, by its name or by a place in it.
    ///
    /// That is its author's to correct, and says nothing about other schemas.
    private static func refusesSchema(_ error: ModelError) -> Bool {
        let message = error.message.lowercased()
        return schemaPlaces.contains { message.contains($0) }
    }

    private static let schemaPlaces = [
        "invalid schema", "in context=", ".schema.", ".schema[", ".schema: schema", ".schema: invalid", ".properties",
        "properties.", "'properties'", "additionalproperties",
    ]

    /// Whether a server cannot read what it is said to have sent itself: a signature, encrypted reasoning, or an item that
    /// it has not kept.
    private static func refusesNatives(_ error: ModelError) -> Bool {
        let message = error.message.lowercased()
        if error.status == 404 { return message.contains("item ") && message.contains("not found") }
        guard isRefusal(error) else { return false }
        return ["signature", "encrypted", "thinking", "reasoning", "bound to"].contains { message.contains($0) }
    }

    /// The error with what to write into the model's document, if that helps.
    static func hinting(_ error: ModelError) -> ModelError {
        field(after: error).map { error.adding("; the model's document can leave it out: \($0)") } ?? error
    }

    /// The line of the model's document that leaves out what a server refuses; nil if that would not help.
    static func field(after error: ModelError) -> String? {
        guard isRefusal(error), let member = optional.first(where: error.names) else { return nil }
        return member == "max_tokens" && error.names("max_completion_tokens")
            ? "max_tokens_field: max_completion_tokens" : "omit: [\(member)]"
    }

    private static func isRefusal(_ error: ModelError) -> Bool {
        error.code == .invalidRequest && (error.status == 400 || error.status == 422)
    }
}

extension StructuredOutput {
    /// The form that asks less of the server.
    fileprivate var weaker: Self? {
        switch self {
        case .schema: .object
        case .object: StructuredOutput.none
        case .none: nil
        }
    }
}

extension ModelError {
    fileprivate func names(_ member: String) -> Bool { message.contains(member) }
}
