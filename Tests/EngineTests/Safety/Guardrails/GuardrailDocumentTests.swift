import JSON
import Postgres
import TestSupport
import Testing

@testable import Definitions
@testable import Engine
@testable import Safety
@testable import Store

@Suite struct GuardrailDocumentTests {
    @Test(arguments: [
        (#"{"check": {}, "action": "block"}"#, "check is empty"),
        (#"{"check": {"secrets": true, "injection": true}, "action": "block"}"#, "check has injection, secrets"),
        (#"{"check": {"secrets": false}, "action": "block"}"#, "check.secrets is false"),
        (#"{"check": {"pattern": {}}, "action": "block"}"#, "check.pattern has neither"),
        (
            #"{"check": {"pattern": {"must_match": "a", "must_not_match": "b"}}, "action": "block"}"#,
            "check.pattern has both"
        ),
        (#"{"check": {"pattern": {"must_match": "a"}}, "action": "redact"}"#, "action is \"redact\""),
        (#"{"check": {"length": {"maximum_bytes": 1}}, "action": "redact"}"#, "action is \"redact\""),
        (#"{"check": {"length": {}}, "action": "warn"}"#, "check.length is empty"),
        (#"{"check": {"secrets": true}, "action": "ask", "applies_to": ["output"]}"#, "action is \"ask\""),
        (#"{"check": {"topics": {"x": "y"}}, "action": "block"}"#, "check.topics.x is a string"),
        (#"{"check": {"judge": {"agent": "nobody", "question": "?"}}, "action": "block"}"#, "not registered"),
        (#"{"check": {"personal_data": ["name"]}, "action": "block"}"#, "check.personal_data[0]"),
        (#"{"action": "block"}"#, "check is missing"),
    ])
    func theDatabaseRefusesWhatIsNoGuardrail(_ document: String, _ problem: String) async throws {
        try await withBench { bench in
            var object = try #require(try JSONValue(parsing: document).objectValue)
            object["kind"] = "guardrail"
            object["name"] = "g"
            let value = JSONValue.object(object)
            let error = await #expect(throws: StoreError.self) { _ = try await bench.definitions.register([value]) }
            #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        }
    }

    @Test(arguments: [
        (#"{"check": {"pattern": {"must_not_match": "("}}, "action": "block"}"#, "check.pattern.must_not_match"),
        (#"{"check": {"pattern": {"must_not_match": "a*"}}, "action": "block"}"#, "check.pattern.must_not_match"),
        (#"{"check": {"topics": {"x": ["a", "["]}}, "action": "block"}"#, "check.topics.x[1]"),
        (#"{"check": {"schema": {"type": "objekt"}}, "action": "block"}"#, "check.schema"),
    ])
    func whatDoesNotCompileIsToldWithItsPlace(_ document: String, _ path: String) throws {
        let problems = Guardrail.problems(in: try JSONValue(parsing: document))
        #expect(problems.first?.path == path, "\(problems)")
    }

    @Test func aGuardrailIsARowWithVersions() async throws {
        try await withBench { bench in
            try await bench.register(
                #"{"kind": "guardrail", "name": "g", "check": {"secrets": true}, "action": "block", "applies_to": ["output"]}"#
            )
            _ = try await bench.client.query(
                "UPDATE agentctl.guardrails SET action = 'warn', description = 'd' WHERE name = 'g'"
            )
            let row = try await bench.text(
                #"SELECT concat_ws(' ', name, version, action, applies_to, "check", description) AS text FROM agentctl.guardrails"#
            )
            #expect(row == #"g 2 warn {output} {"secrets": true} d"#)
            try await bench.register(Documents.offline)
            try await bench.register(
                #"{"kind": "agent", "name": "assistant", "model": "offline", "guardrails": ["g"]}"#
            )
            #expect(try await bench.text("SELECT guardrails::text AS text FROM agentctl.agents") == "{g}")
            let agent = try await bench.registry.agent(named: "assistant", epoch: 0)
            #expect(agent.guardrails?.output.map(\.version) == [2] && agent.guardrails?.input.isEmpty == true)
            let listed = try await bench.reports.guardrailReport()
            #expect(listed.count == 1 && listed[0]["agents"] == ["assistant"])
        }
    }

    @Test func anAgentWithoutGuardrailsHasNothingToLookAt() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            #expect(try await bench.registry.agent(named: "assistant", epoch: 0).guardrails == nil)
        }
    }
}
