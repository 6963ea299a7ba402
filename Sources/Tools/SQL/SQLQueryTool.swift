import Conversation
import Definitions
internal import JSON
import Store

/// Lets a model read the database with statements of its own, as a role that may read what it was granted.
struct SQLQueryTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "sql_query",
        description: """
            Runs one SQL statement that reads the PostgreSQL database, and returns its rows as a JSON list of objects. \
            It cannot write. Tables and columns are listed in information_schema.columns.
            """,
        effect: .pure,
        parameters: [
            .required("query", .string(maximumLength: 65_536), "One statement that returns rows, such as a SELECT."),
            .optional(
                "limit",
                .integer(1...maximumRows),
                "How many rows to return at most, up to the tool's own limit.",
                default: .integer(Int64(defaultRows))
            ),
        ],
        configurationMembers: ["max_rows", "max_bytes"],
        make: { settings, configuration in
            SQLQueryTool(
                settings: settings,
                rows: configuration.integer("max_rows", in: 1...maximumRows) ?? defaultRows,
                bytes: configuration.integer("max_bytes", in: 256...maximumBytes) ?? defaultBytes
            )
        }
    )

    private static let maximumRows = 10_000
    private static let defaultRows = 100
    private static let maximumBytes = 4 << 20
    private static let defaultBytes = 64 << 10

    package let settings: ToolSettings
    package var rows = defaultRows
    package var bytes = defaultBytes

    var truncationHint: String { "Select fewer columns, aggregate, or add a LIMIT and an OFFSET." }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let queries = context.services.queries else {
            throw ToolError(.denied, "This process has no database to query.")
        }
        let query = arguments["query"]?.stringValue ?? ""
        let limit = arguments["limit"]?.integerValue.map { Int(clamping: $0) } ?? rows
        let call = StatementCall(
            query,
            maximumRows: max(1, min(limit, rows)),
            maximumBytes: bytes,
            timeout: timeLeft(in: context)
        )
        do throws(StatementError) {
            return output(try await queries.run(call))
        } catch {
            throw failure(error, query, in: context)
        }
    }

    private func timeLeft(in context: ToolContext) -> Duration {
        guard let deadline = context.deadline else { return limits.timeout }
        return min(limits.timeout, max(.milliseconds(1), ContinuousClock.now.duration(to: deadline)))
    }

    private func output(_ found: StatementRows) -> ToolOutput {
        let rows = found.count == 1 ? "1 row" : "\(found.count) rows"
        let note = found.hasMore ? "[cut: only the first \(rows) are shown. \(truncationHint)]" : "(\(rows))"
        return ToolOutput(
            "\(found.text)\n\(note)",
            truncated: found.hasMore,
            value: ["rows": found.value, "has_more": .bool(found.hasMore)]
        )
    }

    private func failure(_ error: StatementError, _ query: String, in context: ToolContext) -> ToolError {
        let place = error.position.map { position in
            let place = FunctionProblem.Place(offset: position - 1, in: Array(query.unicodeScalars))
            return " (line \(place.line), column \(place.column))"
        }
        let message = "The query failed: \(error.description)\(place ?? "")"
        switch error.kind {
        case .denied:
            context.recorder.add(
                SecurityEventRecord(
                    .deniedStatement,
                    tool: specification.name,
                    detail: "\(error.message): \(query)".prefix(utf8: 1_000),
                    callID: context.callID.isEmpty ? nil : context.callID
                )
            )
            return ToolError(.denied, message)
        case .timeout: return ToolError(.timeout, "The query took longer than it may (\(limits.timeout)).")
        case .stuck: return ToolError(.timeout, "\(message). Do not run it again.")
        case .busy: return ToolError(.timeout, "\(message). Try again later.")
        case .refused: return ToolError(.denied, message)
        case .cancelled: return ToolError(.cancelled, "The query was cancelled.")
        case .invalid: return ToolError(.invalidArguments, message)
        case .failed, .unreachable: return ToolError(.failed, message)
        }
    }
}
