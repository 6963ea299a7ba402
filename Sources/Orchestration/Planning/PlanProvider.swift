package import Conversation
internal import JSON
package import Models

/// A provider whose answers follow from a plan: in place of a model it asks for the calls of the next steps.
///
/// The message that begins the turn is the plan (`agentctl.run_plan` submits it). Each answer either has the plan brought
/// up to date, by a call of the tool `update_plan`, or asks for the calls of the steps that this call has begun. So a step
/// begins only when the database has the result of those before it, and calls pass through policies, approvals and intents
/// like those of any agent. Nothing is remembered between two answers: the messages of the turn say how far it is.
package struct PlanProvider: ModelProvider {
    /// What models name it.
    package static let implementation = ModelProviderImplementation("plan") { model throws(ModelError) in
        PlanProvider(modelName: model.name)
    }

    /// The tool that keeps the plan.
    package static let updateTool = "update_plan"

    private let modelName: String

    package init(modelName: String) {
        self.modelName = modelName
    }

    /// A plan answers, and no language model.
    package var isLanguageModel: Bool { false }

    /// Whether each step of the plan that a message begins waits for an approval.
    package func asksBeforeSteps(of message: String) -> Bool {
        PlanRun(message: message)?.mode == .interactive
    }

    package func respond(
        to request: ModelRequest,
        onDelta: @escaping @Sendable (ModelDelta) -> Void
    ) async throws(ModelError) -> ModelResponse {
        let answer = try answer(to: request)
        if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled") }
        if !answer.content.isEmpty { onDelta(.text(answer.content)) }
        for call in answer.toolCalls { onDelta(.toolCall(name: call.name)) }
        return ModelResponse(
            message: answer,
            finishReason: answer.toolCalls.isEmpty ? .stop : .toolCalls,
            usage: TokenUsage(input: 0, output: 0, isEstimated: true),
            modelID: modelName
        )
    }

    private func answer(to request: ModelRequest) throws(ModelError) -> ChatMessage {
        guard
            let start = request.messages.lastIndex(where: { $0.role == .user && PlanRun(message: $0.content) != nil }),
            let run = PlanRun(message: request.messages[start].content)
        else {
            throw ModelError(.invalidRequest, "the message is no plan; agentctl.run_plan() submits one")
        }
        guard request.tools.contains(where: { $0.name == Self.updateTool }) else {
            throw ModelError(.configuration, "an agent that runs plans has the tool \(Self.updateTool)")
        }
        var executor = AgenticExecutor(run)
        var updates = 0
        var isToldNext = true
        for message in request.messages[(start + 1)...] {
            if !message.toolCalls.isEmpty {
                let isUpdate = message.toolCalls[0].name == Self.updateTool
                if isUpdate {
                    executor.advance()
                    _ = executor.report()
                    updates += 1
                }
                isToldNext = !isUpdate
            } else if message.role == .tool, let id = message.toolCallID {
                let code = request.failure(ofCall: id, saying: message.content)
                if let number = Self.step(ofCall: id) {
                    executor.settle(number, message.content, code: code)
                } else if let code {
                    throw ModelError(.server, "the plan cannot be kept (\(code)): \(message.content)")
                }
            }
        }
        if isToldNext {
            executor.advance()
            let report = executor.report()
            var arguments: JSONObject = ["steps": .array(report.steps)]
            arguments["reason"] = report.reason.map { .string($0) }
            guard !report.steps.isEmpty else { return .assistant(executor.reply) }
            return Self.call("plan_\(run.id)_update_\(updates + 1)", Self.updateTool, arguments)
        }
        guard !executor.running.isEmpty else { return .assistant(executor.reply) }
        return .assistant("", toolCalls: executor.running.map { Self.request(for: $0, of: run) })
    }

    private static func call(_ id: String, _ name: String, _ arguments: JSONObject) -> ChatMessage {
        .assistant("", toolCalls: [ToolCallRequest(id: id, name: name, arguments: JSONValue.object(arguments).text)])
    }

    /// The call of a step; a step for an agent is a task.
    private static func request(for call: AgenticExecutor.Call, of run: PlanRun) -> ToolCallRequest {
        let id = "plan_\(run.id)_step_\(call.number)"
        var task: JSONObject = ["task": call.arguments["task"] ?? .string(call.description)]
        task["input"] = call.arguments["input"]
        switch call.target {
        case .tool(let name), .function(let name):
            return ToolCallRequest(id: id, name: name, arguments: JSONValue.object(call.arguments).text)
        case .agent(let name): task["agent"] = .string(name)
        case .capability(let name): task["capability"] = .string(name)
        }
        let arguments: JSONValue = ["tasks": [.object(task)]]
        return ToolCallRequest(id: id, name: DelegateTool.name, arguments: arguments.text)
    }

    /// The step that a call was made for; nil when it was made for none.
    package static func step(ofCall id: String) -> Int? {
        let parts = id.split(separator: "_")
        guard parts.count == 4, parts[0] == "plan", parts[2] == "step" else { return nil }
        return Int(parts[3])
    }
}

extension ModelRequest {
    /// The class of the error that a call ended with; nil when it succeeded.
    fileprivate func failure(ofCall id: String, saying text: String) -> String? {
        guard let outcome = outcomes[id] else { return text.hasPrefix("Error: ") ? "failed" : nil }
        return outcome.isError ? outcome.code ?? "failed" : nil
    }
}
