import JSON
import Postgres
import Sandbox
import TestSupport
import Testing

import class Foundation.FileManager
import class Foundation.ProcessInfo

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Functions
@testable import Models
@testable import Safety
@testable import Tools
@testable import Wire

/// Ranges, defaults and members stand in `agentctl.document_field`, and nowhere else.
@Suite struct DocumentFieldsTests {
    /// `UPDATE_DOCUMENT_FIELDS=1 swift test --filter DocumentFieldsTests` writes the program's copy.
    @Test func theProgramHasTheTableOfTheDatabase() async throws {
        let copy = "\(URLPath.packageRoot)/Sources/CResources/\(DocumentFields.file)"
        try await withBench { bench in
            let rows = try await bench.texts(
                """
                SELECT jsonb_strip_nulls(jsonb_build_object(
                    'kind', f.kind, 'path', f.path, 'type', f.type, 'default', f.default_value,
                    'allowed', to_jsonb(f.allowed), 'minimum', f.minimum, 'maximum', f.maximum))::text AS text
                FROM agentctl.document_field AS f ORDER BY f.position
                """
            )
            let text = "[\n" + rows.joined(separator: ",\n") + "\n]\n"
            if ProcessInfo.processInfo.environment["UPDATE_DOCUMENT_FIELDS"] == "1" {
                try text.write(toFile: copy, atomically: true, encoding: .utf8)
            }
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == text)
            #expect(DocumentFields.all.list.count == rows.count)
        }
    }

    @Test func membersAreThoseOfOneObject() {
        let fields = DocumentFields.all
        #expect(fields.members("model", of: "prices") == ["input", "cached_input", "cache_write", "output"])
        #expect(fields.members("model", of: "rules[].call") == ["tool", "arguments"])
        #expect(fields.members("policy", of: "order[]") == ["tool", "rule", "other", "count"])
        #expect(fields.members("agent", of: "").contains("max_iterations"))
        #expect(!fields.members("agent", of: "").contains("tools[]"))
        #expect(fields.members("agent", of: "nothing") == [])
    }

    /// What a document may say and what the program can do with it.
    @Test func everyAllowedWordIsACaseOfTheProgram() throws {
        func allowed(_ kind: String, _ path: String) throws -> [String] {
            try #require(DocumentFields.all.field(kind, path)?.allowed).sorted()
        }
        func names<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> [String] {
            Choice.allCases.map(\.rawValue).sorted()
        }
        #expect(try allowed("model", "provider") == ModelProviderFactory.providerNames.sorted())
        #expect(try allowed("model", "max_tokens_field") == names(ChatCompletionRequest.OutputLimitMember.self))
        #expect(try allowed("tool", "effect") == names(ToolEffect.self))
        #expect(try allowed("function", "effect") == names(ToolEffect.self))
        #expect(try allowed("function", "language") == names(FunctionDefinition.Language.self))
        #expect(try allowed("function", "workspace") == names(WorkspaceGrant.self))
        #expect(try allowed("policy", "rules[].action") == names(SafetyDecision.Action.self))
        #expect(try allowed("policy", "rules[].effect[]") == names(ToolEffect.self))
        #expect(try allowed("guardrail", "applies_to[]") == names(GuardrailPlace.self))
        #expect(try allowed("guardrail", "action") == names(GuardrailAction.self))
        #expect(try allowed("guardrail", "check.personal_data[]") == names(PersonalDataKind.self))
    }

    @Test func defaultsAreThoseOfTheTable() throws {
        let settings = AgentSettings(document: [:])
        #expect(settings.maximumIterations == 15 && settings.historyLimit == 100 && settings.compactAt == 0.8)
        #expect(settings.outputRetries == 2 && settings.timeout == .seconds(300) && settings.maximumChainDepth == 3)
        let function = FunctionDefinition(document: ["name": "f"])
        #expect(function.language == .python && function.effect == .pure && function.workspace == .none)
        #expect(function.allowedImports.count == 15 && function.isSafeMode && function.isReadOnly)
        #expect(function.timeout == .seconds(30) && function.memoryMegabytes == 512 && function.outputBytes == 10_240)
        let model = try Model(name: "m", versionID: 1, document: ["provider": "rules"])
        #expect(model.maximumResponseBytes == 4 << 20 && model.maximumToolCalls == 64)
        #expect(model.idleTimeout == .seconds(120) && model.totalTimeout == .seconds(600))
        #expect(ToolLimits() == ToolLimits(timeout: .seconds(30), outputBytes: 10_240))
    }

    /// The limits that once were others here and there.
    @Test(
        arguments: [
            ("max_response_bytes", 268_435_457), ("max_response_bytes", 1_023), ("context_window", 255),
            ("context_window", 100_000_001), ("max_tool_calls", 0),
        ] as [(String, JSONValue)]
    )
    func aModelIsHeldToTheTable(field: String, value: JSONValue) {
        let document: JSONValue = ["provider": "rules", field: value]
        let error = #expect(throws: ModelError.self) { try Model(name: "m", versionID: 1, document: document) }
        #expect(error?.problems.map(\.path) == [field])
    }

    @Test(arguments: [511, 16_777_217] as [JSONValue])
    func aToolIsHeldToTheTable(limit: JSONValue) {
        let document: JSONValue = ["implementation": "calculator", "output_limit": limit]
        let error = #expect(throws: ToolError.self) { try ToolDefinition(name: "t", versionID: 1, document: document) }
        #expect(error?.problems.map(\.path) == ["output_limit"])
    }
}
