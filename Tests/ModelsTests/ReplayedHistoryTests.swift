import JSON
import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// What was accepted or said before never makes a server refuse what comes later.
@Suite struct ReplayedHistoryTests {
    private func replayed(_ history: [ChatMessage]) -> [ChatMessage] {
        ReplayedHistory(for: "here").messages(history)
    }

    private func call(_ id: String, _ name: String = "f", from origin: String? = "here") -> ToolCallRequest {
        var call = ToolCallRequest(id: id, name: name, arguments: "{}")
        call.native = NativeCall(origin: origin, call: ["signature": "s"], message: ["reasoning_content": "r"])
        return call
    }

    private func round(_ call: ToolCallRequest) -> [ChatMessage] {
        [.assistant("", toolCalls: [call]), .tool("out", for: call)]
    }

    @Test(arguments: [
        ("browser.tabs.open", "browser_tabs_open"),
        ("calculator<|channel|>commentary", "calculator__channel__commentary"),
        ("", "unknown"), ("计算", "unknown"), ("größe", "gr__e"), ("f-1_b", "f-1_b"),
        (String(repeating: "n", count: 65), String(repeating: "n", count: 64)),
    ])
    func namesHaveAllowedCharactersOnly(name: String, shown: String) {
        #expect(replayed([.user("go")] + round(call("c", name)))[1].toolCalls.map(\.name) == [shown])
    }

    @Test func messagesThatSayNothingAreFilled() {
        let history: [ChatMessage] = [.system(" "), .user("\n"), .assistant(""), .user("go")]
        #expect(replayed(history) == [.user("(empty message)"), .assistant("(no answer)"), .user("go")])
        let silent = call("c")
        #expect(
            replayed([.user("go"), .assistant(" ", toolCalls: [silent]), .tool("", for: silent)]).map(\.content) == [
                "go", "", "(no output)",
            ]
        )
    }

    @Test func speakersTakeTurns() {
        let history: [ChatMessage] =
            [.user("1"), .user("2")] + round(call("c")) + [.user("3"), .assistant("4"), .assistant("5")] + [.user("6")]
        #expect(
            replayed(history).map(\.content) == ["1", "(no answer)", "2", "", "out", "(no answer)", "3", "4\n\n5", "6"]
        )
    }

    @Test func theModelsOwnCallsGoBackAsTheyWere() {
        let long = String(repeating: "x", count: 4_000)
        let messages = replayed([.user("go")] + round(call(long)))
        #expect(messages[1].toolCalls == [call(long)])
        #expect(messages[1].toolCalls.first?.native == call(long).native)
        #expect(messages[2].toolCallID == long)
    }

    @Test(arguments: ["elsewhere", nil])
    func callsOfOtherModelsGetIDsThatAllAccept(origin: String?) throws {
        let history = [.user("go")] + round(call("functions.f:0", from: origin))
        let messages = replayed(history)
        let shown = try #require(messages[1].toolCalls.first)
        #expect(shown.id.wholeMatch(of: /[a-zA-Z0-9]{9}/) != nil)
        #expect(shown.native == nil)
        #expect(messages[2].toolCallID == shown.id)
        #expect(replayed(history) == messages, "the same each time")
        #expect(
            replayed([.user("go")] + round(call("abcDEF123", from: origin)))[1].toolCalls.map(\.id) == ["abcDEF123"]
        )
    }

    @Test func idsAreDistinctInTheWholeRequest() {
        let messages = replayed([.user("go")] + round(call("call_0")) + round(call("call_0")) + round(call("call_0")))
        let ids = messages.flatMap(\.toolCalls).map(\.id)
        #expect(ids.first == "call_0")
        #expect(Set(ids).count == 3)
        #expect(messages.compactMap(\.toolCallID) == ids)
    }

    /// A message that is digested, and then becomes one with the next, does not change the digests after it.
    @Test func answersThatBecomeOneKeepWhatIsBoundToThem() {
        let rules = ReplayRules.contentItems
        func replayed(_ history: [ChatMessage]) -> [ChatMessage] {
            ReplayedHistory(for: "here", rules: rules).messages(history)
        }
        var history: [ChatMessage] = [.user("go"), .assistant("First.")]
        for id in ["a", "b"] {
            var call = call(id)
            call.native?.prefix = PromptDigest.text(of: replayed(history))
            history += [.assistant("", toolCalls: [call]), .tool("out", for: call), .assistant("Done."), .user("more")]
        }
        let calls = replayed(history).flatMap(\.toolCalls)
        #expect(calls.map(\.id) == ["a", "b"] && calls.allSatisfy { $0.native != nil })
    }

    /// What was encrypted for one account, another one cannot read.
    @Test func anotherAccountIsAnotherOrigin() {
        let keys = [nil, "ONE_KEY", "OTHER_KEY"]
        let origins = keys.map { key in
            Model(
                name: "m",
                versionID: 1,
                provider: "openai",
                baseURL: "http://a/v1",
                modelID: "m",
                apiKeyEnvironmentVariable: key
            ).origin
        }
        #expect(Set(origins).count == 3)
    }

    @Test func whatAServerSentBesideACallIsWrittenForItself() throws {
        let model = Model(name: "m", versionID: 1, provider: "openai", baseURL: "http://a/v1", modelID: "m")
        var other = model
        other.modelID = "n"
        let calls = [call("a", from: model.origin)]
        let request = ModelRequest(messages: [
            .user("go"), .assistant("", toolCalls: calls), .tool("out", for: calls[0]),
        ])
        let body = try JSONValue(parsing: ChatCompletionRequest(request, to: model).bytes)
        #expect(body["messages"]?[1]?["reasoning_content"] == "r")
        #expect(body["messages"]?[1]?["tool_calls"]?[0]?["signature"] == "s")
        let foreign = try JSONValue(parsing: ChatCompletionRequest(request, to: other).bytes)
        #expect(foreign["messages"]?[1]?["reasoning_content"] == nil)
        #expect(foreign["messages"]?[1]?["tool_calls"]?[0]?["signature"] == nil)
    }
}
