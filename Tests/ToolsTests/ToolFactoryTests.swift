import JSON
import Testing

@testable import Conversation
@testable import Definitions
@testable import Tools

@Suite struct ToolFactoryTests {
    @Test func generatesInputSchemas() throws {
        let definition = ToolDefinition(name: "read", versionID: 1, implementation: "file_read")
        let tool = try ToolFactory().tool(for: definition)
        #expect(tool.specification.name == "read")
        #expect(
            try tool.specification.inputSchema.value() == [
                "type": "object",
                "properties": [
                    "path": [
                        "type": "string", "maxLength": 4_000, "description": "The path, relative to the workspace.",
                    ],
                    "offset": [
                        "type": "integer", "minimum": 1, "maximum": 1_000_000_000,
                        "description": "The first line to read, counted from 1.", "default": 1,
                    ],
                    "limit": [
                        "type": "integer", "minimum": 1, "maximum": 1_000_000,
                        "description": "How many lines to read; as many as fit if left out.",
                    ],
                ],
                "required": ["path"],
                "additionalProperties": false,
            ]
        )
    }

    @Test func schemasOfAllKindsOfParameters() {
        let schema = ToolParameter.schema([
            .required("unit", .choice(["m", "ft"]), "A unit."), .optional("exact", .boolean, "B", default: false),
            .optional("size", .number, "C"), .optional("count", .integer(0...Int.max), "D"),
        ])
        #expect(
            schema.text == """
                {"type":"object","properties":{"unit":{"type":"string","enum":["m","ft"],"description":"A unit."},\
                "exact":{"type":"boolean","description":"B","default":false},"size":{"type":"number","description":"C"},\
                "count":{"type":"integer","minimum":0,"description":"D"}},"required":["unit"],\
                "additionalProperties":false}
                """
        )
    }

    @Test(arguments: ToolFactory.implementations.keys.sorted())
    func everyImplementationMakesATool(name: String) throws {
        var definition = ToolDefinition(name: "t", versionID: 1, implementation: name)
        if name == "http_api" { definition.configuration = ["url": "https://api.example.com/", "method": "POST"] }
        if name == "pipeline" { definition.steps = [["tool": "w"]] }
        let writer = ToolDefinition(name: "w", versionID: 2, implementation: "file_write")
        let tool = try ToolFactory().tool(for: definition, among: ["w": writer])
        #expect(tool.specification.description == ToolFactory.implementations[name]?.description)
        #expect(tool.effect == ToolFactory.implementations[name]?.effect)
        #expect(tool.limits == ToolLimits(timeout: .seconds(30), outputBytes: 10_240))
        _ = try ToolRouter([tool])
    }

    @Test func theRowHasTheLastWord() throws {
        let document: JSONValue = [
            "kind": "tool", "name": "sum", "implementation": "calculator", "description": "Adds.",
            "input_schema": ["type": "object", "required": ["expression"]], "timeout": 2.5, "output_limit": 2_048,
            "effect": "idempotent", "configuration": [:],
        ]
        let tool = try ToolFactory().tool(for: ToolDefinition(name: "sum", versionID: 3, document: document))
        #expect(
            tool.specification
                == ToolSpecification(
                    name: "sum",
                    description: "Adds.",
                    inputSchema: JSONText(["type": "object", "required": ["expression"]])
                )
        )
        #expect(tool.effect == .idempotent)
        #expect(tool.limits == ToolLimits(timeout: .seconds(2.5), outputBytes: 2_048))
    }

    @Test func tinyOutputLimitsLeaveRoomForANote() throws {
        #expect(ToolLimits(outputBytes: 64).outputBytes == 512)
        var limits = ToolLimits()
        limits.outputBytes = 64
        #expect(limits.outputBytes == 512)
    }

    @Test func tellsAllMistakesOfADocument() throws {
        let document: JSONValue = ["timeout": 0, "output_limit": "much", "effect": "pur", "description": 1]
        let error = #expect(throws: ToolError.self) { try ToolDefinition(name: "t", versionID: 1, document: document) }
        #expect(error?.code == .configuration)
        #expect(
            error?.problems == [
                DocumentProblem(path: "", message: "expected a member \"implementation\""),
                DocumentProblem(path: "description", message: "expected a string, found integer"),
                DocumentProblem(
                    path: "effect",
                    message: "expected one of pure, idempotent, sql, unsafe; did you mean \"pure\"?"
                ),
                DocumentProblem(path: "timeout", message: "expected a number from 0.001 to 86400.0"),
                DocumentProblem(path: "output_limit", message: "expected an integer from 512 to 16777216"),
            ]
        )
    }

    static let mistakes: [(definition: ToolDefinition, path: String, message: String)] = [
        (
            ToolDefinition(name: "t", versionID: 1, implementation: "calculater"), "implementation",
            "expected one of \(ToolFactory.implementations.keys.sorted().joined(separator: ", ")), found \"calculater\"; "
                + "did you mean \"calculator\"?"
        ),
        (
            ToolDefinition(name: "t", versionID: 1, implementation: "calculator", inputSchema: ["type": "array"]),
            "input_schema", "expected a schema with \"type\": \"object\""
        ),
        (
            ToolDefinition(
                name: "t",
                versionID: 1,
                implementation: "file_read",
                configuration: ["max_file_byte": 1]
            ),
            "configuration.max_file_byte", "unknown member; did you mean \"max_file_bytes\"?"
        ),
        (
            ToolDefinition(
                name: "t",
                versionID: 1,
                implementation: "list_directory",
                configuration: ["max_entries": 0]
            ),
            "configuration.max_entries", "expected an integer from 1 to 10000"
        ),
        (
            ToolDefinition(name: "t", versionID: 1, implementation: "calculator", configuration: []), "configuration",
            "expected an object, found array"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func findsMistakes(index: Int) throws {
        let mistake = Self.mistakes[index]
        let error = #expect(throws: ToolError.self) { try ToolFactory().tool(for: mistake.definition) }
        #expect(error?.problems == [DocumentProblem(path: mistake.path, message: mistake.message)])
    }

    @Test func refusesWhatIsNoSchema() throws {
        let definition = ToolDefinition(
            name: "t",
            versionID: 1,
            implementation: "calculator",
            inputSchema: ["type": "object", "properties": 7]
        )
        let error = #expect(throws: ToolError.self) { try ToolFactory().tool(for: definition) }
        #expect(error?.problems.map(\.path) == ["input_schema"])
    }
}
