import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// Arguments that the engine fills in, whatever a model says.
@Suite struct ArgumentBindingTests {
    private static func documents(_ model: String) -> String {
        """
        [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model)", "model": "m"},
         {"kind": "function", "name": "orders", "language": "sql", "description": "Lists orders.",
          "source": "SELECT :customer AS customer, :place AS place, :most AS most",
          "input_schema": {"type": "object", "required": ["customer", "place", "most"],
            "properties": {"customer": {"type": "string", "x-value": "$user"},
                           "place": {"type": "string", "x-value": "$conversation"}, "most": {"type": "integer"}}}},
         {"kind": "policy", "name": "default", "rules": [{"action": "allow"}]},
         {"kind": "agent", "name": "assistant", "model": "mock", "functions": ["orders"], "access": "everyone"}]
        """
    }

    private func answer(_ arguments: String) async throws -> (tools: String, result: String?, user: String) {
        try await withMockModel { request in
            request.messages.last?["role"] == "user"
                ? .toolCalls([.init(id: "1", name: "orders", arguments: arguments)]) : .text("done")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Self.documents(model.baseURL))
                var user = ""
                try await bench.withUser(in: "agentctl_client") { ada in
                    _ = try await ada.client.query("SELECT agentctl.submit('c', 'my orders', 'assistant')")
                    user = ada.name
                    while try await bench.process() != nil {}
                }
                let result = try await bench.text(
                    "SELECT state || ' ' || result AS text FROM agentctl.tool_call"
                )
                return (await model.requests.first?.body["tools"]?.text ?? "", result, user)
            }
        }
    }

    @Test func theModelIsNotToldOfThemAndTheyAreOfTheConversation() async throws {
        let (tools, result, user) = try await answer(#"{"most": 3}"#)
        #expect(tools.contains("most") && !tools.contains("customer") && !tools.contains("place"), "\(tools)")
        let text = result ?? ""
        #expect(text.hasPrefix("succeeded ") && text.contains("\"\(user)\"") && text.contains("\(user)/c"), "\(text)")
    }

    @Test func whatTheModelSaysInTheirPlaceDoesNotCount() async throws {
        let (_, result, user) = try await answer(#"{"most": 3, "customer": "eve", "place": "x"}"#)
        #expect(result?.contains("eve") != true || result?.hasPrefix("failed") == true, "\(result ?? "")")
        #expect(result?.hasPrefix("failed") == true || result?.contains(user) == true)
    }

    @Test func aClientWhoCallsAFunctionIsItsUser() async throws {
        try await withBench { bench in
            try await bench.register(Self.documents("http://127.0.0.1:1/v1"))
            try await bench.openToEveryone()
            try await bench.withUser(in: "agentctl_client") { ada in
                _ = try await ada.client.query(
                    #"SELECT agentctl.call_function('orders', '{"customer": "eve", "place": "x", "most": 1}')"#
                )
                let arguments = try await bench.text("SELECT arguments::text AS text FROM agentctl.function_request")
                #expect(arguments == #"{"most": 1, "customer": "\#(ada.name)"}"#)
            }
        }
    }

    @Test func aValueThatThereIsNotIsRefused() {
        let schema: JSONValue = ["properties": ["a": ["x-value": "$tenant"]]]
        let error = #expect(throws: ToolError.self) { try ArgumentBinding.split(schema) }
        #expect(error?.code == .configuration)
    }

    @Test(arguments: [
        #"{"properties": {"a": {"type": "object", "properties": {"b": {"x-value": "$user"}}}}}"#,
        #"{"properties": {"a": {"items": {"x-value": "$user"}}}}"#, #"{"allOf": [{"x-value": "$user"}]}"#,
        #"{"allOf": [{"properties": {"a": {"x-value": "$user"}}}]}"#, #"{"$defs": {"a": {"x-value": "$user"}}}"#,
        #"{"x-value": "$user"}"#, #"{"properties": {"a": {"type": "integer", "x-value": "$user"}}}"#,
    ])
    func whereNothingIsFilledInItIsRefused(_ schema: String) throws {
        let schema = try JSONValue(parsing: schema)
        let error = #expect(throws: ToolError.self) { try ArgumentBinding.split(schema) }
        #expect(error?.code == .configuration)
    }

    @Test func whatOnlyLooksLikeItStays() throws {
        let schema: JSONValue = [
            "properties": ["x-value": ["type": "string"], "a": ["const": ["x-value": "$user"]]],
            "examples": [["x-value": 1]],
        ]
        #expect(try ArgumentBinding.split(schema).bindings == [])
    }

    /// Rules and approvers would decide about a value that is not the one of the call.
    @Test func aCallWithAValueOfItsOwnIsRefusedBeforeAnybodyIsAsked() async throws {
        let documents = """
            [{"kind": "model", "name": "m", "provider": "rules", "rules": [
                {"when": "^go", "call": {"tool": "orders", "arguments": {"customer": "eve"}}, "then": "{{result}}"},
                {"otherwise": "Hello."}]},
             {"kind": "function", "name": "orders", "language": "sql", "description": "Lists orders.",
              "source": "SELECT :customer AS customer", "input_schema": {"type": "object", "required": ["customer"],
                "properties": {"customer": {"type": "string", "x-value": "$user"}}}},
             {"kind": "policy", "name": "default", "rules": [{"action": "ask"}]},
             {"kind": "agent", "name": "assistant", "model": "m", "functions": ["orders"]}]
            """
        try await withBench { bench in
            try await bench.register(documents)
            _ = try await bench.conversations.submit(.message("go"), to: "c")
            while try await bench.process() != nil {}
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.approval") == "0")
            let call = try await bench.text("SELECT concat_ws(' ', state, result) AS text FROM agentctl.tool_call")
            #expect(call?.hasPrefix("failed ") == true && call?.contains("customer") == true, "\(call ?? "")")
        }
    }

    @Test func whatIsFilledInFitsTheSchema() async throws {
        let documents = Self.documents("http://127.0.0.1:1/v1").replacing(
            #"{"type": "string", "x-value": "$user"}"#,
            with: #"{"type": "string", "enum": ["a", "b"], "x-value": "$user"}"#
        ).replacing(
            #""provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "m""#,
            with:
                #""provider": "rules", "rules": [{"when": "^go", "call": {"tool": "orders", "#
                + #""arguments": {"most": 1}}, "then": "{{result}}"}, {"otherwise": "x"}]"#
        )
        try await withBench { bench in
            try await bench.register(documents)
            _ = try await bench.conversations.submit(.message("go"), to: "c", agent: "assistant")
            while try await bench.process() != nil {}
            let call = try await bench.text("SELECT state || ' ' || result AS text FROM agentctl.tool_call")
            #expect(call?.contains("what is filled in does not fit its schema: /customer") == true, "\(call ?? "")")
        }
    }
}
