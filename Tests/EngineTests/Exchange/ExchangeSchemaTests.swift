import JSON
import JSONSchema
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The form of the file, as the database, the schema and the writer know it.
@Suite struct ExchangeSchemaTests {
    @Test func everyColumnOfAConversationIsWrittenOrLeftOutOnPurpose() async throws {
        // Ids, leases and decisions of routing mean something in one database only; counts and texts that follow from
        // others are not repeated.
        let leftOut: Set<String> = [
            "approval.id", "conversation_control.account_key", "conversation_control.generation",
            "conversation_control.lane",
            "conversation_control.has_progress", "conversation_control.last_event", "conversation_control.last_message",
            "conversation_control.lease", "conversation_control.lease_until", "conversation_control.ready_at",
            // Tasks stay in the database that they are in; of runs of schedules, those that submitted are written.
            "plan.id", "plan.tenant", "schedule_run.name", "schedule_run.outcome", "schedule_run.through",
            "schedule_run.task_id", "schedule_run.is_open", "schedule_run.error_code", "schedule_run.error_message",
            "conversation_control.awaited", "conversation_control.depth", "conversation_control.told",
            "submission.task_id", "submission.request", "conversation_control.claimed_at",
            "conversation_control.worker_id", "conversation_control.known_by", "conversation_control.listed",
            // Which workers there are is a matter of the database that it goes to.
            "conversation_control.queue_key",
            // Whose it is is said where it is sent to, and what is remembered stays in the database that it is in.
            "conversation.user_id", "conversation.read_outside", "shown.seq", "shown.position", "shown.memory_id",
            "shown.version",
            "shown.relevance", "memory_scope.id", "memory_scope.tenant", "memory_scope.collection",
            "memory_scope.account", "memory_scope.agent", "memory_scope.user_id", "memory_scope.memories",
            "memory_block.id", "memory_block.label", "memory_block.account", "memory_block.user_id",
            "memory_block.version", "memory_block.value", "memory_block_version.block_id",
            "memory_block_version.version", "memory_block_version.value", "memory_block_version.edit",
            "memory_block_version.agent", "memory_block_version.seq", "memory_block_version.created_by",
            "memory_block_version.created_at", "memory_block_shown.seq", "memory_block_shown.block_id",
            "memory_block_shown.is_edit", "memory_block_shown.version", "memory_block_shown.description",
            "memory_block_shown.character_limit", "memory_block_shown.is_read_only",
            // Who may read it is a matter of the roles of the server.
            "conversation_grant.cluster", "conversation_grant.role", "conversation_grant.role_name",
            "conversation_grant.granted_at", "conversation_grant.granted_by",
            "routing.agent", "routing.candidates", "routing.decided_at", "routing.epoch", "routing.is_default",
            "routing.score", "routing.seq", "routing.threshold",
            // Transactions are of one database; what is imported is rolled up there.
            "turn.recorded_by", "function_call.recorded_by", "compaction.recorded_by",
            "function_call.id", "function_call.request_id", "function_call.version", "security_event.id",
            "turn.agent_version", "turn.worker_id", "turn_progress.agent_version",
            // A turn that waits for a model asks it anew where it comes to.
            "turn_progress.postponed_ms", "turn_progress.postponed_by",
        ]
        try await withBench { bench in
            let columns = try await bench.texts(
                """
                SELECT c.relname || '.' || replace(a.attname, 'chain_version_id', 'chain') AS text
                FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND c.relname NOT IN ('delta', 'task', 'work_list')
                  AND (c.relname = 'conversation' OR EXISTS (
                      SELECT FROM pg_attribute AS i WHERE i.attrelid = c.oid AND i.attname = 'conversation_id'))
                  AND a.attname NOT IN ('conversation_id') AND a.attname NOT IN ('version_id', 'agent_version_id', 'model_version_id', 'tool_version_id')
                """
            )
            let parts = [
                "conversation": "conversation", "conversation_control": "conversation", "submission": "submissions",
                "message": "messages", "turn": "turns", "step": "steps", "tool_call": "tool_calls",
                "approval": "approvals", "compaction": "compactions", "function_call": "function_calls",
                "security_event": "security_events", "event": "events", "turn_progress": "progress",
                "node_run": "node_runs", "plan": "plans", "schedule_run": "schedule_runs",
            ]
            let fields = Set(
                try await bench.texts("SELECT part || '.' || field AS text FROM agentctl.exchange_field")
            )
            let missing = columns.filter { column in
                let (table, name) = (column.prefix { $0 != "." }, column.drop { $0 != "." }.dropFirst())
                let written = parts[String(table)].map {
                    "\($0).\(name == "function_call_id" ? "function_call" : name)"
                }
                return !leftOut.contains(column) && !fields.contains(written ?? "")
            }
            #expect(columns.count > 100 && missing == [])
        }
    }

    @Test func theSchemaSaysWhatTheDatabaseChecks() async throws {
        let schema = try JSONValue(parsing: ConversationFile.schemaText)
        #expect(JSONSchema.problems(in: schema) == [])
        var told: [String] = []
        for part in schema["properties"]?.objectValue ?? [:] where !["format", "version"].contains(part.key) {
            let items = part.value["items"] ?? part.value
            let required = Set((items["required"]?.arrayValue ?? []).compactMap(\.stringValue))
            for field in items["properties"]?.objectValue ?? [:] {
                let allowed = (field.value["enum"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ",")
                let words = [
                    "\(part.key).\(field.key)", field.value["type"]?.stringValue ?? "",
                    required.contains(field.key) ? "required" : "", allowed,
                ]
                told.append(words.joined(separator: "|"))
            }
        }
        try await withBench { bench in
            let checked = try await bench.texts(
                """
                SELECT concat_ws('|', part || '.' || field,
                    CASE WHEN type IN ('text', 'time', 'uuid', 'definition') THEN 'string'
                         WHEN type = 'value' THEN '' ELSE type END,
                    CASE WHEN required THEN 'required' ELSE '' END, coalesce(array_to_string(allowed, ','), '')) AS text
                FROM agentctl.exchange_field
                """
            )
            #expect(Set(checked) == Set(told))
            let parts = try await bench.texts("SELECT part AS text FROM agentctl.exchange_part ORDER BY position")
            let inSchema = schema["properties"]?.objectValue?.keys.filter { !["format", "version"].contains($0) }
            #expect(inSchema == parts)
            // The writer knows the parts in the same order.
            var writer = ConversationWriter(isPretty: false)
            let text = parts.map { writer.text(of: "{}", in: $0) }.joined() + writer.end()
            let written = try JSONValue(parsing: text).objectValue?.keys.dropFirst(2)
            #expect(written.map(Array.init) == parts)
        }
    }

    @Test func partsWithoutItemsAreWrittenAsEmptyLists() throws {
        var writer = ConversationWriter(isPretty: false)
        let text =
            writer.text(of: "{\"id\": 1}", in: "conversation") + writer.text(of: "1", in: "messages") + writer.end()
        let value = try JSONValue(parsing: text)
        #expect(value["messages"] == [1] && value["definitions"] == [] && value["events"] == [])
        #expect(value["progress"] == nil && value["conversation"] == ["id": 1])
    }

    @Test func noStatementOfAnExportScansATable() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { try await $0.executeScript(Self.fill) }
            let small = ["definition", "definition_version", "definition_reference", "turn_progress"]
            let (plans, scans) = try await sequentialScans(at: bench.url, besides: small) { client in
                let lines = try await client.query("SELECT part AS text FROM agentctl.export_items('c77')")
                // Itself, three definitions, and three of each of four kinds.
                #expect(lines.count == 16)
            }
            #expect(plans > 10 && scans == [])
        }
    }

    private static let fill = """
        INSERT INTO agentctl.conversation (id, agent) SELECT 'c' || n, 'assistant' FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.conversation_control (conversation_id, head_seq, tail_seq, last_message, last_event)
        SELECT 'c' || n, 3, 3, 3, 3 FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.submission (conversation_id, seq, body)
        SELECT 'c' || n, s, '{"message": "x"}' FROM generate_series(1, 5000) AS n, generate_series(1, 3) AS s;
        INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
        SELECT 'c' || n, s, s, 'user', 'x' FROM generate_series(1, 5000) AS n, generate_series(1, 3) AS s;
        INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, first_message, last_message, model_calls, tool_calls,
            input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at, started_at, duration_ms)
        SELECT 'c' || n, s, 'succeeded', 1, 1, 'assistant', s, s, 1, 0, 1, 0, 1, 0, now(), now(), 1
        FROM generate_series(1, 5000) AS n, generate_series(1, 3) AS s;
        INSERT INTO agentctl.event (conversation_id, number, seq, type, data)
        SELECT 'c' || n, s, s, 'message', '{"message": 1}' FROM generate_series(1, 5000) AS n, generate_series(1, 3) AS s;
        INSERT INTO agentctl.step (conversation_id, seq, number, kind, duration_ms, started_at)
        SELECT 'd' || n, 1, 1, 'model_call', 1, now() FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect, state, started_at)
        SELECT 'd' || n, 1, 1, 1, 'x', 'x', '{}', 'pure', 'succeeded', now() FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.approval (conversation_id, seq, call_number, tool, arguments)
        SELECT 'c' || n, 1, 1, 'x', '{}' FROM generate_series(1, 5000) AS n WHERE n <> 77;
        INSERT INTO agentctl.compaction (conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, created_by)
        SELECT 'c' || n, 1, 1, 1, 'x', 'model', 2, 1, 1 FROM generate_series(1, 5000) AS n WHERE n <> 77;
        INSERT INTO agentctl.function_call (function, language, arguments, caller, conversation_id, seq, exit_reason, duration_ms, started_at)
        SELECT 'f', 'python', '{}', 'turn', 'd' || n, 1, 'ok', 1, now() FROM generate_series(1, 5000) AS n;
        INSERT INTO agentctl.security_event (kind, source, detail, tool, conversation_id, seq)
        SELECT 'denied_path', 'service', 'x', 'x', 'd' || n, 1 FROM generate_series(1, 5000) AS n;
        ANALYZE;
        """
}
