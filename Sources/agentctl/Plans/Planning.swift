import Conversation
import Definitions
import Engine
import JSON
import Orchestration
import Store

import struct FoundationEssentials.UUID

/// Makes a plan of a task and stores it: from templates, or by an agent where none fits.
struct Planning {
    let stores: Stores
    let options: PlanOptions
    /// Asks the planning agent.
    let client: ConversationClient

    /// Times that an agent is told what is wrong with its plan.
    private static let corrections = 2

    /// Makes and stores a plan.
    ///
    /// - Returns: Its number.
    /// - Throws: ``CommandFailure`` when there is no plan; `StoreError`.
    func plan(_ task: String) async throws -> Int64 {
        guard task.contains(where: { !$0.isWhitespace }) else {
            throw CommandFailure(.usage, code: "usage", "the task says nothing")
        }
        let context = try options.values()
        let templates = try await stores.reports.planTemplates()
        let failure: PlanningError
        switch Self.plan(task, context, templates) {
        case .success(let plan): return try await store(plan, context)
        case .failure(let error): failure = error
        }
        guard failure.code == .noPlan else { throw CommandFailure(failure) }
        var planner = options.planner
        if planner == nil { planner = try await stores.reports.planningAgent() }
        guard let planner else { throw CommandFailure(failure) }
        return try await ask(planner, task, context)
    }

    private static func plan(
        _ task: String,
        _ context: JSONObject,
        _ templates: [JSONObject]
    ) -> Result<Plan, PlanningError> {
        Result { () throws(PlanningError) in
            var read: [PlanTemplate] = []
            for template in templates { read.append(try PlanTemplate(.object(template))) }
            return try TaskPlanner(templates: read).plan(task, context: context)
        }
    }

    private func draft(_ task: String, _ steps: JSONValue, _ context: JSONObject) -> ConversationStore.PlanDraft {
        var draft = ConversationStore.PlanDraft(task: task, steps: steps)
        draft.context = context
        draft.mode = options.mode.rawValue
        (draft.maximumSteps, draft.maximumReplans) = (options.maxSteps, options.maxReplans)
        return draft
    }

    private func store(_ plan: Plan, _ context: JSONObject) async throws -> Int64 {
        var draft = draft(plan.task, .array(plan.steps.map { .object($0.json) }), context)
        draft.recoveries = plan.recoveries.map(\.json)
        draft.madeBy = "templates"
        return try await stores.conversations.store(draft)
    }

    /// Has an agent make the plan.
    ///
    /// What is wrong with it goes back to the agent.
    private func ask(_ planner: String, _ task: String, _ context: JSONObject) async throws -> Int64 {
        let means = try await stores.reports.planMeans(of: options.agent)
        var question: JSONObject = ["task": .string(task), "context": .object(context)]
        question["means"] = means.map { .object($0) }
        var message = """
            Plan this task. Answer with JSON only: {"steps": [{"tool" or "function" or "agent": NAME, or "capabilities": [NAME], \
            "arguments": {…}, "description": TEXT, "after": [NUMBERS OF EARLIER STEPS]}]}. The first step has the number 1. \
            {{step_1}} in an argument is the result of step 1. Arguments of an agent are {"task": TEXT}.
            \(JSONValue.object(question).text)
            """
        let conversation = "planning:\(UUID().uuidString.lowercased())"
        for attempt in 0...Self.corrections {
            let summary = try await client.send(.message(message), to: conversation, agent: planner) { _ in }
            guard summary.status == .succeeded, let reply = summary.reply else {
                throw CommandFailure(
                    .failed,
                    code: "no_plan",
                    "the planning agent \"\(planner)\" gave no plan: \(summary.errorMessage ?? summary.status.rawValue)",
                    hint: "See: agentctl trace \(conversation)/\(summary.seq)"
                )
            }
            guard let steps = (try? JSONValue(parsing: reply))?["steps"] else {
                message = "That is no JSON object with a member \"steps\". Answer with the corrected JSON only."
                continue
            }
            var draft = draft(task, steps, context)
            draft.madeBy = planner
            do throws(StoreError) {
                return try await stores.conversations.store(draft)
            } catch {
                guard error.code == .invalid, attempt < Self.corrections else { throw error }
                message = "\(error.message) Answer with the corrected JSON only."
            }
        }
        throw CommandFailure(
            .failed,
            code: "no_plan",
            "the planning agent \"\(planner)\" gave no plan in \(Self.corrections + 1) answers",
            hint: "See: agentctl trace \(conversation)/1"
        )
    }
}

extension CommandFailure {
    fileprivate init(_ error: PlanningError) {
        switch error.code {
        case .noPlan:
            self.init(
                .notFound,
                code: error.code.rawValue,
                error.message,
                hint: "Register a document of kind plan for it, or name an agent that plans: --planner NAME"
            )
        case .missingContext:
            self.init(.usage, code: error.code.rawValue, error.message, hint: "Give it: --context KEY=TEXT")
        case .unknownContext:
            let hint = "Each template shows what it takes: agentctl plans templates list"
            self.init(.usage, code: error.code.rawValue, error.message, hint: hint)
        case .tooLarge, .limitExceeded, .invalid:
            self.init(.refused, code: error.code.rawValue, error.message)
        }
    }
}
