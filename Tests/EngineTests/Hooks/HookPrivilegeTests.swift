import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What a hook of one user is told of another's.
@Suite struct HookPrivilegeTests {
    @Test func aHookIsToldOfWhatItsOwnerMaySee() async throws {
        try await SchedulePrivilegeTests().withUsers { bench, ada, eve in
            func state(_ statement: String, as user: String) async throws -> String? {
                try await SchedulePrivilegeTests().state(of: statement, as: user, bench)
            }
            let members = #""url": "https://example.com/", "secret_env": "S", "events": ["turn_complete", "task_done"]"#
            for (name, user) in [("eves", eve), ("adas", ada)] {
                let document = #"{"kind": "hook", "name": "\#(name)", \#(members)}"#
                #expect(try await state("SELECT agentctl.register('\(document)')", as: user) == nil)
            }
            try await bench.register(#"{"kind": "hook", "name": "all", \#(members)}"#)
            #expect(try await state("SELECT agentctl.submit('diary', 'x', 'assistant')", as: ada) == nil)
            #expect(try await state("SELECT agentctl.submit_task('x', agent => 'assistant')", as: ada) == nil)
            try await bench.work(off: "\(ada)/diary")
            try await bench.work(off: "task:1")
            let told = "SELECT hook || ' ' || event AS text FROM agentctl.hook_deliveries ORDER BY 1"
            #expect(
                try await bench.texts(PostgresStatement(told)) == [
                    "adas task_done", "adas turn_complete", "adas turn_complete", "all task_done", "all turn_complete",
                    "all turn_complete",
                ]
            )

            _ = try await bench.client.query(
                "UPDATE agentctl.hook_delivery SET state = 'dead', next_at = NULL, finished_at = now()"
            )
            let id =
                try await bench.text("SELECT min(id)::text AS text FROM agentctl.hook_deliveries WHERE hook = 'adas'")
                ?? ""
            #expect(try await state("SELECT agentctl.redeliver(\(id))", as: eve) == "AC002")
            #expect(try await state("SELECT agentctl.redeliver(\(id))", as: ada) == nil)
            for table in ["hooks", "hook_deliveries", "hook_delivery", "hook_state"] {
                #expect(try await state("SELECT FROM agentctl.\(table)", as: ada) == "42501", "\(table)")
            }
            #expect(try await state("SELECT agentctl.claim_deliveries(1)", as: ada) == "42501")
        }
    }
}
