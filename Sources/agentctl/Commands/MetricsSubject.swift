import ArgumentParser
import Engine
import JSON
import Store

/// What metrics are about.
enum MetricsSubject: String, EnumerableFlag {
    case agents
    case tools
    case functions
    case models
    case errors

    static func help(for value: MetricsSubject) -> ArgumentHelp? {
        switch value {
        case .agents: "Turns by agent and version."
        case .tools: "Tool calls by tool and version."
        case .functions: "Calls of stored functions, and of code that models wrote, by function and version."
        case .models: "Model calls by model and version."
        case .errors: "What goes wrong, by class."
        }
    }

    /// The rows of the report.
    func rows(from reports: Reports, _ filter: MetricsFilter) async throws(StoreError) -> [JSONObject] {
        switch self {
        case .agents: try await reports.agentMetrics(filter)
        case .tools: try await reports.toolMetrics(filter)
        case .functions: try await reports.functionMetrics(filter)
        case .models: try await reports.modelMetrics(filter)
        case .errors: try await reports.errorPatterns(filter)
        }
    }

    /// What a table shows of them; JSON has all.
    var columns: [ReportColumn] {
        switch self {
        case .agents:
            [
                ReportColumn("agent"), ReportColumn("version", .count), ReportColumn("turns", .count),
                ReportColumn("success_rate", .rate), ReportColumn("p50_ms", .milliseconds),
                ReportColumn("p95_ms", .milliseconds), ReportColumn("p99_ms", .milliseconds),
                ReportColumn("model_calls", .count), ReportColumn("tool_calls", .count),
                ReportColumn("input_tokens", .count), ReportColumn("output_tokens", .count),
                ReportColumn("cost_usd", .money), ReportColumn("last_at", .time),
            ]
        case .tools:
            [
                ReportColumn("tool"), ReportColumn("version", .count), ReportColumn("calls", .count),
                ReportColumn("succeeded", .count), ReportColumn("failed", .count), ReportColumn("denied", .count),
                ReportColumn("unfinished", .count), ReportColumn("success_rate", .rate),
                ReportColumn("p50_ms", .milliseconds),
                ReportColumn("p95_ms", .milliseconds), ReportColumn("p99_ms", .milliseconds),
                ReportColumn("truncated", .count), ReportColumn("last_at", .time),
            ]
        case .functions:
            [
                ReportColumn("function"), ReportColumn("version", .count), ReportColumn("language"),
                ReportColumn("calls", .count), ReportColumn("success_rate", .rate),
                ReportColumn("p50_ms", .milliseconds),
                ReportColumn("p95_ms", .milliseconds), ReportColumn("p99_ms", .milliseconds),
                ReportColumn("mean_cpu_ms", .milliseconds), ReportColumn("peak_memory_bytes", .count),
                ReportColumn("violations", .count), ReportColumn("last_at", .time),
            ]
        case .models:
            [
                ReportColumn("model"), ReportColumn("version", .count), ReportColumn("provider"),
                ReportColumn("calls", .count), ReportColumn("success_rate", .rate),
                ReportColumn("p50_ms", .milliseconds),
                ReportColumn("p95_ms", .milliseconds), ReportColumn("p50_first_token_ms", .milliseconds),
                ReportColumn("input_tokens", .count), ReportColumn("output_tokens", .count),
                ReportColumn("cost_usd", .money), ReportColumn("last_at", .time),
            ]
        case .errors:
            [
                ReportColumn("source"), ReportColumn("subject"), ReportColumn("error_code"),
                ReportColumn("occurrences", .count), ReportColumn("conversations", .count),
                ReportColumn("last_at", .time),
                ReportColumn("last_message"),
            ]
        }
    }
}
