import Conversation
import JSON
import Postgres
import Store

/// Keeps the plan of a turn: rows that change in the transaction that stores the call.
struct UpdatePlanTool: ImplementedTool, TransactionalTool {
    package static let implementation = ToolImplementation(
        name: "update_plan",
        description: """
            Keeps a plan of what you do in this turn, for people to follow: its steps and how far each is. Call it before you \
            begin, and whenever a step begins or ends. Steps that you do not name stay as they are.
            """,
        effect: .sql,
        parameters: [
            .required("steps", .schema(stepSchema), "The steps that are new or have changed."),
            .optional("reason", .string(maximumLength: 1_000), "Why steps were added or changed."),
        ],
        configurationMembers: [],
        make: { settings, _ in UpdatePlanTool(settings: settings) }
    )

    package let settings: ToolSettings

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "A plan can be kept by a turn only.")
    }

    package func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        let plan: JSONValue
        do throws(StoreError) {
            plan = try await ToolQueries.updatePlan(
                of: context.conversationID,
                context.turnSequence,
                steps: arguments["steps"] ?? [],
                reason: arguments["reason"]?.stringValue,
                within: connection
            )
        } catch {
            let isWrong = error.code == .invalid
            throw ToolError(isWrong ? .invalidArguments : .failed, isWrong ? error.message : "The plan was not stored.")
        }
        func count(_ name: String) -> Int64 { plan[name]?.integerValue ?? 0 }
        let state = plan["state"]?.stringValue ?? ""
        return ToolOutput(
            "The plan is \(state): \(count("completed")) of \(count("steps")) steps are completed.",
            value: plan
        )
    }

    private static let stepSchema: JSONValue = [
        "type": "array", "minItems": 1, "maxItems": 200,
        "items": [
            "type": "object",
            "properties": [
                "number": [
                    "type": "integer", "minimum": 1, "maximum": 1_000,
                    "description": "Which step changes; without it, or with the next number, a step is added.",
                ],
                "description": [
                    "type": "string", "maxLength": 1_000, "description": "What a new step does, in words.",
                ],
                "status": ["type": "string", "enum": ["pending", "running", "completed", "failed", "skipped"]],
                "after": [
                    "type": "array", "maxItems": 200, "items": ["type": "integer", "minimum": 1],
                    "description": "Numbers of earlier steps that have to be completed first.",
                ],
                "result": ["type": "string", "description": "What came of it, in short."],
                "error": ["type": "string", "maxLength": 64, "description": "Why it failed, in a word."],
                "recovers": [
                    "type": "integer", "minimum": 1, "description": "The failed step in whose place it stands.",
                ],
                "tool": ["type": "string", "maxLength": 64, "description": "The tool that does it, if one does."],
                "function": ["type": "string", "maxLength": 64],
                "agent": ["type": "string", "maxLength": 64],
                "capabilities": ["type": "array", "maxItems": 1, "items": ["type": "string", "maxLength": 128]],
                "arguments": ["type": "object"],
                "find": ["type": "string", "maxLength": 4_096],
            ],
            "additionalProperties": false,
        ],
    ]
}
