import Conversation
import Foundation
import JSON
import Models
import Testing

@testable import Orchestration

/// The answers of a plan: what it asks for after each message.
struct PlanProviderTests {
    private let provider = PlanProvider(modelName: "plan")
    private let tools = ["update_plan", "a", "b"].map {
        ToolSpecification(name: $0, description: "", inputSchema: JSONText(["type": "object"]))
    }

    private static let plan = """
        {"plan": 7, "task": "do", "mode": "parallel", "max_steps": 5, "steps": [
            {"tool": "a", "arguments": {"x": 1}, "description": "first"},
            {"agent": "Writer", "arguments": {"input": {"y": 2}}, "description": "second"},
            {"tool": "b", "arguments": {"z": "{{step_1}}"}, "description": "third", "after": [1]}]}
        """

    private func answer(_ messages: [ChatMessage], _ outcomes: [String: ModelRequest.CallOutcome] = [:]) async throws
        -> ChatMessage
    {
        var request = ModelRequest(messages: messages, tools: tools)
        request.outcomes = outcomes
        return try await provider.respond(to: request).message
    }

    @Test func eachAnswerFollowsFromTheMessages() async throws {
        var messages: [ChatMessage] = [.user("earlier"), .assistant("x"), .user(Self.plan)]
        let begin = try await answer(messages)
        #expect(begin.toolCalls.map(\.name) == ["update_plan"] && begin.toolCalls.map(\.id) == ["plan_7_update_1"])
        #expect(
            begin.toolCalls[0].arguments
                == #"{"steps":[{"number":1,"status":"running"},{"number":2,"status":"running"}]}"#
        )
        messages += [begin, .tool("kept", for: begin.toolCalls[0])]
        let first = try await answer(messages)
        #expect(first.toolCalls.map(\.id) == ["plan_7_step_1", "plan_7_step_2"])
        #expect(first.toolCalls.map(\.name) == ["a", "delegate"])
        #expect(first.toolCalls[1].arguments == #"{"tasks":[{"task":"second","input":{"y":2},"agent":"Writer"}]}"#)
        // The same messages have the same answer: another attempt resumes from them.
        #expect(try await answer(messages) == first)
        messages += [first, .tool("one", for: first.toolCalls[0]), .tool("no", for: first.toolCalls[1])]
        messages.append(.user("a message that was sent into the turn"))
        let outcomes: [String: ModelRequest.CallOutcome] = [
            "plan_7_step_1": .init(isError: false, code: nil), "plan_7_step_2": .init(isError: true, code: "timeout"),
        ]
        let update = try await answer(messages, outcomes)
        #expect(update.toolCalls[0].id == "plan_7_update_2")
        #expect(update.toolCalls[0].arguments.contains(#""status":"failed","result":"no","error":"timeout""#))
        messages += [update, .tool("kept", for: update.toolCalls[0])]
        let second = try await answer(messages, outcomes)
        #expect(second.toolCalls.map(\.arguments) == [#"{"z":"one"}"#])
        messages += [second, .tool("Error: gone", for: second.toolCalls[0])]
        let last = try await answer(messages, outcomes)
        messages += [last, .tool("kept", for: last.toolCalls[0])]
        let reply = try await answer(messages, outcomes)
        #expect(reply.toolCalls.isEmpty)
        #expect(
            reply.content == """
                Task: do
                Steps:
                  1. [completed] a - first
                  2. [failed] Writer - second
                  3. [failed] b - third (depends on: step_1)

                ## 1. a - first
                one

                ## 2. Writer - second
                no

                ## 3. b - third
                Error: gone
                """
        )
    }

    @Test func aMessageThatIsNoPlanAndAnAgentThatCannotKeepOneAreErrors() async throws {
        var error = await #expect(throws: ModelError.self) { try await answer([.user("hello")]) }
        #expect(error?.code == .invalidRequest)
        error = await #expect(throws: ModelError.self) {
            try await provider.respond(to: ModelRequest(messages: [.user(Self.plan)])).message
        }
        #expect(error?.code == .configuration)
    }

    @Test func aPlanThatCannotBeKeptEndsTheTurn() async throws {
        let begin = try await answer([.user(Self.plan)])
        let error = await #expect(throws: ModelError.self) {
            try await answer([.user(Self.plan), begin, .tool("Error: not stored", for: begin.toolCalls[0])])
        }
        #expect(error?.message.contains("not stored") == true)
    }

    @Test func onlyAnInteractivePlanAsksBeforeItsSteps() {
        #expect(!provider.asksBeforeSteps(of: Self.plan) && !provider.asksBeforeSteps(of: "hello"))
        #expect(provider.asksBeforeSteps(of: Self.plan.replacingOccurrences(of: "parallel", with: "interactive")))
        #expect(
            PlanProvider.step(ofCall: "plan_7_step_12") == 12 && PlanProvider.step(ofCall: "plan_7_update_1") == nil
        )
    }
}
