import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import Conversation

/// Functions that agents call: tools like any other, with their own records.
@Suite struct FunctionAgentTests {
    private static func documents(_ functions: String) -> String {
        """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
            {"when": "^call f (.*)$", "call": {"tool": "f", "arguments": {"text": "$1"}}, "then": "{{result}}"},
            {"when": "^f$", "call": {"tool": "f", "arguments": {}}, "then": "{{result}}"},
            {"otherwise": "?"}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         \(functions),
         {"kind": "agent", "name": "assistant", "model": "offline", "tools": ["calculator"], "functions": ["f"]}]
        """
    }

    private static let schema = #""input_schema": {"type": "object", "properties": {"text": {"type": "string"}}}"#

    @Test func anAgentCallsAFunctionAndTheCallIsARow() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                Self.documents(
                    #"{"kind": "function", "name": "f", \#(Self.schema), "requires_context": true, "source": "def f(context, text=''):\n    return {'said': text.upper(), 'turn': context['turn'], 'agent': context['agent'], 'conversation': context['conversation_id'], 'roles': [m['role'] for m in context['messages']]}"}"#
                )
            )
            let summary = try await bench.send("call f hello")
            #expect(summary.status == .succeeded)
            #expect(
                try JSONValue(parsing: summary.reply ?? "") == [
                    "said": "HELLO", "turn": 1, "agent": "assistant", "conversation": "c",
                    "roles": ["user", "assistant"],
                ]
            )
            let row = try await bench.base.text(
                """
                SELECT concat_ws('|', c.caller, c.conversation_id, c.seq, c.call_id = t.call_id, c.version_id = t.tool_version_id,
                                 c.exit_reason, t.tool, t.state) AS text
                FROM agentctl.function_call AS c JOIN agentctl.tool_call AS t USING (conversation_id, seq)
                """
            )
            #expect(row == "turn|c|1|t|t|ok|f|succeeded")
        }
    }

    @Test func aPipelineCallsFunctions() async throws {
        try await withFunctions { bench in
            func documents(_ steps: String) -> String {
                """
                [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
                    {"when": "(\\\\d+)", "call": {"tool": "quadruple", "arguments": {"x": "$1"}}, "then": "{{result}}"},
                    {"otherwise": "no"}]},
                 {"kind": "function", "name": "twice", "source": "def twice(x):\\n    return {'x': int(x) * 2}",
                  "input_schema": {"type": "object", "properties": {"x": {}}, "required": ["x"]}},
                 {"kind": "tool", "name": "quadruple", "description": "Doubles twice.", "implementation": "pipeline",
                  "input_schema": {"type": "object", "properties": {"x": {}}}, "steps": [\(steps)]},
                 {"kind": "agent", "name": "assistant", "model": "offline", "tools": ["quadruple"]}]
                """
            }
            try await bench.base.register(
                documents(
                    #"""
                    {"function": "twice", "arguments": {"x": "{{input.x}}"}, "name": "once", "select": "/x"},
                    {"function": "twice", "arguments": {"x": "{{steps.once}}"}, "select": "/x"}
                    """#
                )
            )
            #expect(try await bench.send("21").reply == "84")
            let calls = try await bench.base.texts("SELECT function AS text FROM agentctl.function_call")
            #expect(calls == ["twice", "twice"])
            for steps in ["{}", #"{"tool": "quadruple", "function": "twice"}"#, #"{"function": "thrice"}"#] {
                await #expect(throws: StoreError.self) { try await bench.base.register(documents(steps)) }
            }
        }
    }

    @Test func aFailureIsToldToTheModelAndEveryViolationIsAnEvent() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                Self.documents(
                    #"{"kind": "function", "name": "f", "safe_mode": false, "allowed_imports": ["os"], "source": "import os\ndef f():\n    try:\n        os.fork()\n    except OSError: pass\n    raise ValueError('no')"}"#
                )
            )
            let summary = try await bench.send("f")
            #expect(summary.reply?.contains("f failed: ") == true, "\(summary)")
            let events = try await bench.base.texts(
                """
                SELECT DISTINCT concat_ws('|', e.kind, e.source, e.tool, e.conversation_id, e.seq, c.exit_reason) AS text
                FROM agentctl.security_events AS e JOIN agentctl.function_call AS c ON c.id = e.function_call_id
                """
            )
            #expect(events.count == 1 && events[0].hasPrefix("system_call|kernel|f|c|1|"), "\(events)")
        }
    }

    @Test func aStatementThatWritesRunsInTheCommitOfItsResult() async throws {
        try await withFunctions { bench in
            try await bench.base.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE public.notes (text text CHECK (text <> 'bad'), written_by xid8 DEFAULT pg_current_xact_id());
                    GRANT INSERT, SELECT ON public.notes TO agentctl_query;
                    """ + FunctionBench.transactionsOfCalls
                )
            }
            try await bench.base.register(
                Self.documents(
                    #"{"kind": "function", "name": "f", \#(Self.schema), "language": "sql", "effect": "sql", "read_only": false, "source": "INSERT INTO notes (text) VALUES (:text) RETURNING text"}"#
                )
            )
            #expect(try await bench.send("call f hello").reply == #"[{"text":"hello"}]"#)
            let failed = try await bench.send("call f bad")
            #expect(failed.reply?.contains("violates check constraint") == true)
            #expect(try await bench.base.texts("SELECT text FROM public.notes") == ["hello"])
            let calls = try await bench.base.texts(
                "SELECT exit_reason::text AS text FROM agentctl.function_call ORDER BY started_at"
            )
            #expect(calls == ["ok", "error"])
            // The row in the application's table and the call's row have one transaction.
            let together = try await bench.base.text(
                """
                SELECT (n.written_by = c.written_by)::text AS text
                FROM public.notes AS n, public.written AS c WHERE c.exit_reason = 'ok'
                """
            )
            #expect(together == "true")
        }
    }

    @Test func aStatementThatTakesTooLongIsStoppedAndTheTurnGoesOn() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                Self.documents(
                    #"{"kind": "function", "name": "f", "language": "sql", "effect": "sql", "timeout": 0.2, "source": "SELECT pg_sleep(60)"}"#
                )
            )
            #expect(
                try await bench.send("f").reply?.contains("f failed: timeout: it took longer than 0.2 seconds") == true
            )
            #expect(
                try await bench.base.texts("SELECT exit_reason::text AS text FROM agentctl.function_call") == [
                    "timeout"
                ]
            )
        }
    }

    @Test func aChangedFunctionIsInForceWithTheNextMessage() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                Self.documents(#"{"kind": "function", "name": "f", "source": "def f(): return 'one'"}"#)
            )
            #expect(try await bench.send("f").reply == "one")
            try await bench.base.client.query("UPDATE agentctl.functions SET source = 'def f(): return ''two'''")
            #expect(try await bench.send("f").reply == "two")
            #expect(
                try await bench.base.texts(
                    "SELECT version::text AS text FROM agentctl.function_call ORDER BY started_at"
                )
                    == ["1", "2"]
            )
        }
    }
}
