import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Tools

@Suite struct SQLQueryToolTests {
    private func router(_ configuration: JSONValue = [:]) throws -> ToolRouter {
        let tool = try ToolFactory().tool(
            for: ToolDefinition(name: "query", versionID: 1, implementation: "sql_query", configuration: configuration)
        )
        return try ToolRouter([tool])
    }

    private func call(_ query: String, _ router: ToolRouter, _ context: ToolContext) async throws -> ToolCallResult {
        let arguments: JSONValue = ["query": .string(query)]
        return await router.call(ToolCallRequest(id: "1", name: "query", arguments: arguments.text), in: context)
    }

    @Test func itReturnsRowsInTheOrderOfTheirColumns() async throws {
        try await withBench { bench in
            let context = ToolContext(services: ToolServices(queries: bench.queries))
            let result = try await call("SELECT 2 AS z, 'a' AS a", router(), context)
            #expect(result.error == nil)
            #expect(result.output.text == "[{\"z\":2,\"a\":\"a\"}]\n(1 row)")
            let many = try await call("SELECT generate_series(1, 9) AS n", router(["max_rows": 2]), context)
            #expect(many.output.text.hasPrefix("[{\"n\":1},{\"n\":2}]\n[cut: only the first 2 rows are shown."))
            #expect(many.output.truncated)
        }
    }

    @Test func whatIsDeniedIsToldAndRecorded() async throws {
        try await withBench { bench in
            let context = ToolContext(callID: "7", services: ToolServices(queries: bench.queries))
            let denied = try await call("SELECT * FROM agentctl.message", router(), context)
            #expect(denied.error?.code == .denied)
            let events = context.recorder.drain().events
            #expect(events.map(\.kind) == [.deniedStatement] && events.map(\.tool) == ["query"])
            #expect(events.first?.detail == "permission denied for schema agentctl: SELECT * FROM agentctl.message")

            let wrong = try await call("SELECT\n  nothing", router(), context)
            #expect(wrong.error?.code == .invalidArguments)
            #expect(
                wrong.output.text == "Error: The query failed: column \"nothing\" does not exist (line 2, column 3)"
            )
            #expect(context.recorder.drain().events == [])
        }
    }

    @Test func withoutADatabaseItSaysSo() async throws {
        let result = try await call("SELECT 1", router(), ToolContext())
        #expect(result.error?.code == .denied)
    }
}
