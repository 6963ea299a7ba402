package import Conversation
package import JSON
internal import Synchronization

/// Tries what agents need of a model: text, a stream, calls of tools, an answer that fits a schema, counted tokens.
///
/// The questions are small and need no knowledge. Nothing is stored.
package struct ModelProbe: Sendable {
    /// What was tried.
    package enum Ability: String, Sendable, CaseIterable {
        /// An answer in words.
        case chat
        /// The answer comes in pieces.
        case stream
        /// A call of a tool, and an answer that uses its result.
        case tools
        /// Two calls in one answer.
        case parallelCalls = "parallel_calls"
        /// An answer that fits a schema.
        case schema
        /// The server counts tokens.
        case usage
    }

    /// The result of one trial.
    package enum Outcome: Sendable, Hashable {
        /// The model does it.
        case works
        /// The model does not do it, and agents do without.
        case isMissing
        /// It does not work.
        case failed(ModelError)
    }

    /// A trial.
    package struct Trial: Sendable, Hashable {
        /// What was tried.
        package let ability: Ability
        /// Its result.
        package let outcome: Outcome
        /// What was seen, in a few words.
        package let detail: String
    }

    /// All trials.
    package struct Report: Sendable, Hashable {
        /// The trials, in their order; after a failure without an answer there are no more.
        package fileprivate(set) var trials: [Trial] = []
        /// Lines that the model's document needs.
        package fileprivate(set) var fields: [String] = []
        /// The tokens of all calls.
        package fileprivate(set) var usage = TokenUsage.zero

        /// The first failure; nil if nothing failed.
        package var failure: ModelError? {
            trials.lazy.compactMap { if case .failed(let error) = $0.outcome { error } else { nil } }.first
        }
    }

    private let provider: any ModelProvider
    /// The most tokens of an answer: the questions are small, but a model may think first.
    private static let outputLimit = 2_048

    /// Settings that agents commonly have; those that a server refuses are left out after that.
    private var temperature: Double? = 0
    private var report = Report()

    /// A probe of a model.
    ///
    /// - Parameter provider: The model's provider.
    package init(_ provider: any ModelProvider) {
        self.provider = provider
    }

    /// Tries everything.
    package mutating func run() async -> Report {
        report = Report()
        guard let counted = await tryChat() else { return report }
        await tryTools()
        await tryParallelCalls()
        await trySchema()
        let (input, output) = (report.usage.input, report.usage.output)
        note(
            .usage,
            counted ? .works : .isMissing,
            counted ? "\(input) tokens in, \(report.usage.cachedInput) of them cached; \(output) out" : "estimated"
        )
        return report
    }

    private mutating func note(_ ability: Ability, _ outcome: Outcome, _ detail: String) {
        report.trials.append(Trial(ability: ability, outcome: outcome, detail: detail))
    }

    /// Asks the model; a setting that it refuses is named, and not sent again.
    private mutating func ask(
        _ request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void = { _ in }
    ) async throws(ModelError) -> ModelResponse {
        var request = request
        request.temperature = temperature
        request.maximumOutputTokens = Self.outputLimit
        do throws(ModelError) {
            let response = try await provider.respond(to: request, onDelta: onDelta)
            report.usage += response.usage
            return response
        } catch {
            guard let field = RefusedMembers.field(after: error) else { throw error }
            if !report.fields.contains(field) { report.fields.append(field) }
            guard temperature != nil, field == "omit: [temperature]" else { throw error }
            temperature = nil
            request.temperature = nil
            let response = try await provider.respond(to: request, onDelta: onDelta)
            report.usage += response.usage
            return response
        }
    }
}

// MARK: - Trials

extension ModelProbe {
    /// A text, and whether it comes in pieces.
    ///
    /// - Returns: Whether tokens were counted; nil if there was no answer.
    private mutating func tryChat() async -> Bool? {
        let pieces = Mutex(0)
        let question = "Write the numbers from 1 to 20 in words, separated by commas, and nothing else."
        do throws(ModelError) {
            let response = try await ask(ModelRequest(messages: [.user(question)])) { delta in
                if case .text = delta { pieces.withLock { $0 += 1 } }
            }
            if response.isCut, response.message.content.allSatisfy(\.isWhitespace) {
                note(.chat, .isMissing, Self.cut)
            } else {
                note(.chat, .works, "\(response.message.content.utf8.count) bytes, \(response.finishReason.rawValue)")
            }
            let count = pieces.withLock { $0 }
            note(.stream, count > 1 ? .works : .isMissing, count > 1 ? "\(count) pieces" : "in one piece")
            return !response.usage.isEstimated
        } catch {
            note(.chat, .failed(error), error.message)
            return nil
        }
    }

    private static let cut = "the answer was cut after \(outputLimit) tokens: does the model think for too long?"

    private static let tool = ToolSpecification(
        name: "stock_of",
        description: "Returns how many pieces of an article are in stock.",
        inputSchema: JSONText([
            "type": "object", "properties": ["article": ["type": "string"]], "required": ["article"],
        ])
    )

    private mutating func tryTools() async {
        var request = ModelRequest(
            messages: [.user("How many pieces of the article lamp are in stock? Use the tool, then say the number.")],
            tools: [Self.tool]
        )
        do throws(ModelError) {
            let answer = try await ask(request)
            let first = answer.message
            if answer.isCut { return note(.tools, .isMissing, Self.cut) }
            guard let call = first.toolCalls.first else {
                return note(.tools, .isMissing, "the model answered in words: agents with tools need another one")
            }
            guard call.name == Self.tool.name, (try? JSONValue(parsing: call.arguments))?["article"] != nil else {
                return note(.tools, .isMissing, "the model called the tool with other arguments than it has")
            }
            request.messages += [first] + first.toolCalls.map { .tool("4711", for: $0) }
            let last = try await ask(request)
            let second = last.message
            if last.isCut { return note(.tools, .isMissing, Self.cut) }
            let isUsed = second.content.filter { $0.isNumber } == "4711" || second.content.contains("4711")
            note(.tools, isUsed ? .works : .isMissing, isUsed ? "its result was used" : "its result was not used")
        } catch {
            note(.tools, .failed(error), error.message)
        }
    }

    private mutating func tryParallelCalls() async {
        let request = ModelRequest(
            messages: [.user("How many lamps and how many chairs are in stock? Ask for both articles at once.")],
            tools: [Self.tool]
        )
        do throws(ModelError) {
            let answer = try await ask(request)
            if answer.isCut { return note(.parallelCalls, .isMissing, Self.cut) }
            let count = answer.message.toolCalls.count
            note(.parallelCalls, count > 1 ? .works : .isMissing, "\(count) in one answer")
        } catch {
            note(.parallelCalls, .failed(error), error.message)
        }
    }

    private mutating func trySchema() async {
        let request = ModelRequest(
            messages: [.user("Name the capital of France as a JSON object with the member city.")],
            outputSchema: [
                "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
                "additionalProperties": false,
            ]
        )
        do throws(ModelError) {
            let answer = try await ask(request)
            if answer.isCut { return note(.schema, .isMissing, Self.cut) }
            let fits = (try? JSONValue(parsing: answer.message.content))?["city"]?.stringValue != nil
            note(
                .schema,
                fits ? .works : .isMissing,
                fits ? "the answer fits" : "the answer does not fit; it is sent back"
            )
        } catch {
            note(.schema, .failed(error), error.message)
            // Any other failure says nothing about the schema.
            guard error.code == .invalidRequest, RefusedMembers.field(after: error) == nil else { return }
            report.fields.append("structured_output: none")
        }
    }
}

extension ModelResponse {
    fileprivate var isCut: Bool { finishReason == .length }
}

extension ModelProbe.Trial {
    /// The trial as it is printed.
    package var json: JSONValue {
        var object: JSONObject = ["ability": .string(ability.rawValue)]
        switch outcome {
        case .works: object["outcome"] = "works"
        case .isMissing: object["outcome"] = "missing"
        case .failed(let error):
            object["outcome"] = "failed"
            object["error"] = .string(error.code.description)
        }
        object["detail"] = .string(detail)
        return .object(object)
    }
}
