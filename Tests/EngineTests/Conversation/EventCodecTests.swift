import FoundationEssentials
import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine

/// Swift, the database and the documentation know the same events, operations and reasons.
struct EventCodecTests {
    private static let call = Event.CallReference(call: 2, id: "c", name: "shell")
    private static let messages = Event.MessageRange(first: 3, last: 9)

    /// At least one event of each type; members that may be missing are there once and missing once.
    static let samples: [Event] = [
        .turnStarted(agent: "a", version: 3), .turnStarted(agent: "a", version: nil), .message, .steered(by: 7),
        .toolCallRequested(call), .toolStarted(call), .toolFinished(name: "shell", isError: true),
        .callInDoubt(call: 1), .callResolved(call: 1, outcome: "happened", by: "p"),
        .approvalRequested(
            Event.ApprovalQuestion(call: 1, tool: "shell", place: nil, subject: "rm x", rule: "policy p, rule 1")
        ),
        .approvalRequested(
            Event.ApprovalQuestion(call: nil, tool: nil, place: "input", subject: "s", rule: "guardrail g")
        ),
        .approvalDecided(
            Event.ApprovalAnswer(
                approval: 4,
                call: 1,
                place: nil,
                decision: "denied",
                scope: "once",
                reason: "no",
                by: "p"
            )
        ),
        .approvalDecided(
            Event.ApprovalAnswer(
                approval: 4,
                call: nil,
                place: "input",
                decision: "approved",
                scope: "always",
                reason: nil,
                by: "p"
            )
        ),
        .waiting(.approval), .waiting(.inDoubt), .waiting(.tasks),
        .guardrailHit(guardrail: "g", place: "tool_output", action: "redact", tool: "shell"),
        .guardrailHit(guardrail: "g", place: "input", action: "block", tool: nil),
        .limitReached("timeout"), .interrupted, .cancelled(by: "p"), .error(code: "c", message: "m", cost: nil),
        .error(code: "c", message: "m", cost: 0.25),
        .turnComplete(
            Event.TurnTotal(status: .succeeded, inputTokens: 5, outputTokens: 6, cost: 0.5, milliseconds: 1.5)
        ),
        .undone(
            Event.UndoneTurns(
                turns: [4, 5],
                messages: 6,
                effects: [
                    .init(turn: 4, call: 1, tool: "shell", state: "succeeded"),
                    .init(conversation: "c~4.1", turn: 1, call: 1, tool: "shell", state: "in_doubt"),
                ]
            )
        ),
        .settingsChanged(["model": "m"]),
        .compacted(
            Event.CompactedMessages(
                messages: messages,
                summaryBytes: 10,
                beforeTokens: 20,
                afterTokens: 30,
                by: "model"
            )
        ),
        .compacted(
            Event.CompactedMessages(
                messages: messages,
                summaryBytes: 10,
                beforeTokens: 20,
                afterTokens: 30,
                by: "extraction",
                reason: "the model's summary was empty"
            )
        ),
        .compactionUndone(messages: messages), .compactionUndone(messages: nil), .closed,
        .redone(Event.UndoneTurns(turns: [3, 4], messages: 6, effects: [])),
        .taskAssigned(
            Event.TaskState(task: 7, number: 1, agent: "a", state: "assigned", conversation: "c~1.1", code: nil)
        ),
        .taskAssigned(Event.TaskState(task: 8, number: 2, agent: nil, state: "held", conversation: nil, code: nil)),
        .planUpdated(Event.PlanState(plan: 7, revision: 2, state: "running", steps: 3, completed: 1)),
        .taskFinished(
            Event.TaskState(task: 7, number: 1, agent: "a", state: "failed", conversation: "c~1.1", code: "timeout")
        ),
        .nodeFinished(Event.NodeVisit(node: "review", visit: 2, status: "failed", code: "timeout")),
        .nodeFinished(Event.NodeVisit(node: "review", visit: 1, status: "succeeded", code: nil)),
        .handedOver(from: "a", to: "b"),
        .modelChanged(from: "a", to: "b", reason: "overload"),
        .memoryRecalled(.init(items: [.init(id: 3, version: 1, relevance: 0.5)], by: "words")),
        .memoryRecalled(.init(items: [], by: "words", reason: "no embedder")),
    ]

    @Test func anEventThatIsWrittenIsReadAsTheSameEvent() {
        #expect(Set(Self.samples.map(\.kind)) == Set(Event.Kind.allCases))
        for event in Self.samples {
            #expect(Event(type: event.kind.rawValue, data: .object(event.data)) == event)
        }
    }

    @Test func dataThatDoesNotBelongToTheTypeIsNoEvent() {
        #expect(Event(type: "greeting", data: [:]) == nil)
        #expect(Event(type: Event.Kind.closed.rawValue, data: .null) == nil)
        for event in Self.samples {
            for member in event.data where event.kind != .settingsChanged {
                var data = event.data
                data[member.key] = ["an": "object"]
                let read = Event(type: event.kind.rawValue, data: .object(data))
                #expect(read != event, "\(event.kind) with another \(member.key)")
            }
        }
    }

    @Test func aPieceThatIsWrittenIsReadAsTheSamePiece() {
        let call = ToolCallRequest(id: "c", name: "shell", arguments: "{}")
        let pieces: [TurnEvent] = [
            .started(agent: "a", version: 2), .text("t"), .reset,
            .modelFailed(model: "a", error: "503", next: "b", wait: .milliseconds(1_500)), .steered("s"),
            .toolStarted(call),
            .toolOutput(id: "c", text: "o"), .toolFinished(id: "c", name: "shell", output: "o", isError: true),
        ]
        #expect(pieces.map(\.kind) == TurnEvent.Kind.allCases)
        for piece in pieces {
            #expect(TurnEvent(type: piece.kind.rawValue, data: .object(piece.data)) == piece)
        }
        #expect(TurnEvent(type: "greeting", data: [:]) == nil)
    }

    @Test func whatPostgreSQLCannotHoldIsReplacedInTheDataOfAnEvent() {
        let record = EventRecord(.toolFinished(name: "a\u{0}b", isError: false), message: 2)
        #expect(record.json == ["tool_finished", 2, "a\u{FFFD}b", false])
        let single = EventRecord(.handedOver(from: "a\u{0}b", to: "c"))
        #expect(single.json == ["type": "handed_over", "data": ["from": "a\u{FFFD}b", "to": "c"]])
    }

    @Test func theDatabaseKnowsTheEventsAndOperationsThatTheProgramKnows() async throws {
        try await withBench { bench in
            let allowed: PostgresStatement = """
                SELECT word[1] AS text FROM pg_constraint AS c,
                    regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS word
                WHERE c.conrelid = $1::regclass AND c.conname = $2
                """
            let events = try await bench.texts(allowed, ["agentctl.event", "event_type"])
            #expect(events.sorted() == (Event.Kind.allCases.map(\.rawValue) + ["several"]).sorted())
            let pieces = try await bench.texts(allowed, ["agentctl.delta", "delta_type"])
            #expect(pieces.sorted() == TurnEvent.Kind.allCases.filter { $0 != .started }.map(\.rawValue).sorted())
            let operations = try await bench.texts("SELECT unnest(enum_range(NULL::agentctl.operation))::text AS text")
            #expect(operations.sorted() == Operation.allCases.map(\.rawValue).sorted())
        }
    }

    @Test func theSchemaOfAnExportedConversationNamesTheSameEvents() throws {
        let schema = try JSONValue(parsing: try Self.read("Sources/CResources/schemas/conversation.json"))
        let events = schema["properties"]?["events"]?["items"]?["properties"]?["type"]?["enum"]?.arrayValue
        #expect(events?.compactMap(\.stringValue) == Event.Kind.allCases.map(\.rawValue))
        let submissions = schema["properties"]?["submissions"]?["items"]?["properties"]?["operation"]?["enum"]
        #expect(
            submissions?.arrayValue?.compactMap(\.stringValue).sorted() == Operation.allCases.map(\.rawValue).sorted()
        )
    }

    @Test func theDocumentationListsEveryEventWithItsMembersEveryOperationAndEveryReasonToWait() throws {
        let rows = try Self.read("docs/conversations.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
            .map { line in line.split(separator: "|").map { String($0.dropFirst().dropLast()) } }
        let events = rows.filter { row in row.count == 2 && row[0].hasPrefix("`") }
        #expect(events.map { $0[0].filter { $0 != "`" } }.sorted() == Event.Kind.allCases.map(\.rawValue).sorted())
        for event in Self.samples where event.kind != .settingsChanged {
            let row = try #require(events.first { $0[0] == "`\(event.kind.rawValue)`" })
            for member in event.data {
                #expect(row[1].contains("`\(member.key)`"), "\(event.kind.rawValue) has \(member.key)")
            }
        }
        let waiting = try #require(events.first { $0[0] == "`waiting`" })
        for reason in WaitReason.allCases { #expect(waiting[1].contains("`\(reason.rawValue)`")) }
        let operations = rows.filter { row in row.count == 4 }.map { row in row[0] }.filter { $0 != "operation" }
        let names = Operation.allCases.map { $0 == .message ? "message" : $0.rawValue }
        #expect(operations.sorted() == names.sorted())
    }

    @Test func noOtherFileOfTheProgramWritesTheNameOfAnEventOrAnOperation() throws {
        // Words that mean only one thing.
        let names =
            Event.Kind.allCases.map(\.rawValue).filter { $0.contains("_") && $0 != "limit_reached" }
            + [Operation.message.rawValue, WaitReason.approval.errorCode]
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.root + "/Sources").filter {
            $0.hasSuffix(".swift") && !$0.contains("/Conversation/") && !$0.hasPrefix("Conversation/")
        }
        #expect(files.count > 100)
        for file in files {
            let text = try Self.read("Sources/\(file)")
            for name in names where text.contains("\"\(name)\"") || text.contains("'\(name)'") {
                Issue.record("\(file) has the name \(name)")
            }
        }
    }

    private static let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    private static func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }
}
