import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Store

/// A server as a document of its own, which several models name.
struct EndpointDocumentTests {
    private func documents(at baseURL: String, more: String = "") -> String {
        """
        [{"kind": "endpoint", "name": "gateway", "base_url": "\(baseURL)"\(more)},
         {"kind": "model", "name": "mock", "provider": "openai", "endpoint": "gateway", "model": "mock-1",
          "retry": {"attempts": 1}},
         {"kind": "model", "name": "other", "provider": "openai", "endpoint": "gateway", "model": "mock-2",
          "retry": {"attempts": 1, "postpone": 0}},
         {"kind": "agent", "name": "assistant", "model": "mock", "access": "everyone"},
         {"kind": "agent", "name": "second", "model": "other", "access": "everyone"}]
        """
    }

    @Test func modelsOfOneEndpointFailTogetherAsItsDocumentSays() async throws {
        try await withMockModel { _ in
            .error(status: 500)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(
                    documents(at: model.baseURL, more: #", "breaker": {"failures": 2, "wait": 60, "longest": 60}"#)
                )
                #expect(
                    try await bench.text(
                        "SELECT concat_ws(' ', endpoint, state, models) AS text FROM agentctl.endpoints"
                    ) == "gateway closed 2"
                )
                for number in 1...2 {
                    _ = try await bench.client().send(.message("Hello"), to: "c\(number)") { _ in }
                }
                #expect(
                    try await bench.text("SELECT concat_ws(' ', state, failures) AS text FROM agentctl.endpoints")
                        == "open 2"
                )
                let wait = try #require(try await bench.stores.endpoints.open()["gateway"])
                #expect(wait > .seconds(40) && wait <= .seconds(60))
                // The other model is at the same server.
                let summary = try await bench.client().send(.message("Hello"), to: "d", agent: "second") { _ in }
                #expect(summary.errorCode == "model_circuit_open", "\(summary.errorMessage ?? "")")
                #expect(await model.requests.count == 2)
            }
        }
    }

    @Test(arguments: [
        (#""breaker": {"failures": 0}"#, "closed"), (#""breaker": {"share": 0.9}"#, "closed"),
        (#""breaker": {"share": 0.1}"#, "open"), (#""description": "usual""#, "open"),
    ])
    func theShareAndTheNumberOfFailuresDecide(member: String, state: String) async throws {
        try await withBench { bench in
            try await bench.register(documents(at: "http://127.0.0.1:9/v1", more: ", \(member)"))
            for _ in 1...8 {
                _ = try await bench.stores.endpoints.report(
                    EndpointStore.Report(
                        endpoint: "gateway",
                        calls: 2,
                        within: .seconds(1),
                        code: "server",
                        message: "500",
                        isExhausted: false
                    )
                )
            }
            #expect(try await bench.text("SELECT state AS text FROM agentctl.endpoints") == state)
        }
    }

    /// Where it is now: the next message goes there.
    @Test func aChangedEndpointReachesItsAgents() async throws {
        try await withMockModel { _ in
            .text("the first")
        } perform: { first in
            try await withMockModel { _ in
                .text("the second")
            } perform: { second in
                try await withBench { bench in
                    try await bench.register(documents(at: first.baseURL))
                    #expect(try await bench.client().send(.message("?"), to: "c") { _ in }.reply == "the first")
                    try await bench.register(
                        #"{"kind": "endpoint", "name": "gateway", "base_url": "\#(second.baseURL)"}"#
                    )
                    #expect(try await bench.client().send(.message("?"), to: "c") { _ in }.reply == "the second")
                    let error = await #expect(throws: PostgresError.self) {
                        try await bench.client.query("SELECT agentctl.unregister('gateway', 'endpoint')")
                    }
                    #expect(error?.sqlState == "AC003")
                }
            }
        }
    }

    /// A worker without what the server wants does not claim.
    @Test func agentsNeedTheVariablesOfTheirEndpoint() async throws {
        try await withBench { bench in
            try await bench.register(documents(at: "http://127.0.0.1:9/v1"))
            func needs() async throws -> String? {
                try await bench.text("SELECT array_to_string(agentctl.responder_needs('assistant'), ' ') AS text")
            }
            #expect(try await needs() == "")
            try await bench.register(
                """
                {"kind": "endpoint", "name": "gateway", "base_url": "http://127.0.0.1:9/v1", "api_key_env": "KEY",
                 "header_env": {"X-Gateway": "GATE"}}
                """
            )
            #expect(try await needs() == "variable:GATE variable:KEY")
            // And its queue follows.
            #expect(
                try await bench.text(
                    "SELECT array_to_string(agentctl.responder_needs('second'), ' ') AS text"
                ) == "variable:GATE variable:KEY"
            )
        }
    }

    private static let refused: [(member: String, place: String)] = [
        (#""base_url": "http://h/v1?x=1""#, "base_url"),
        (#""headers": {"Authorization": "planted"}"#, "headers.Authorization"),
        (#""headers": {"X-Api-Key": "planted"}"#, "headers.X-Api-Key"),
        (#""headers": {"X-Tag": "Bearer planted"}"#, "headers.X-Tag"),
        (#""headers": {"Host": "planted"}"#, "headers.Host"),
        (#""headers": {"X-Tag": "planted\nX: y"}"#, "headers.X-Tag"),
        (#""headers": {"X-Tag": "a"}, "header_env": {"x-tag": "B"}"#, "header_env.x-tag"),
        (#""header_env": {"X-Tag": "planted-key"}"#, "header_env.X-Tag"),
        (#""query": {"api_key": "planted"}"#, "query.api_key"),
        (#""api_key_env": "A", "api_key_file": "/b""#, "api_key_file"),
        (#""api_key_file": "b""#, "api_key_file"),
        (#""api_key_header": "X-Key""#, "api_key_header"),
        (#""breaker": {"wait": 60, "longest": 10}"#, "breaker.longest"),
        (#""connections": 0"#, "connections"),
    ]

    @Test(arguments: refused.indices)
    func whatMakesNoSenseOrHoldsASecretIsRefusedAndNotRepeated(index: Int) async throws {
        let (member, place) = Self.refused[index]
        let address = member.contains("base_url") ? "" : #", "base_url": "http://h/v1""#
        try await withBench { bench in
            let error = await #expect(throws: StoreError.self) {
                try await bench.register(#"{"kind": "endpoint", "name": "e"\#(address), \#(member)}"#)
            }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains(place) && !text.contains("planted"), "\(text)")
        }
    }

    @Test(arguments: [
        (#""endpoint": "nobody""#, "endpoint"), (#""endpoint": "e", "base_url": "http://h/v1""#, "base_url"),
        (#""endpoint": "e", "api_key_env": "KEY""#, "api_key_env"), (#""description": "nowhere""#, "base_url"),
    ])
    func aModelNamesAnEndpointThatIsThereOrAnAddress(member: String, place: String) async throws {
        try await withBench { bench in
            try await bench.register(#"{"kind": "endpoint", "name": "e", "base_url": "http://h/v1"}"#)
            let error = await #expect(throws: StoreError.self) {
                try await bench.register(
                    #"{"kind": "model", "name": "m", "provider": "openai", "model": "m", \#(member)}"#
                )
            }
            #expect(error.map { "\($0)".contains(place) } == true, "\(String(describing: error))")
        }
    }
}
