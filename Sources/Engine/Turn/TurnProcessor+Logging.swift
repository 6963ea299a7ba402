import Conversation
internal import Logging

extension TurnProcessor {
    /// Says how a turn ended, or that it waits, in one line: which, whose, how, how long and how much; nothing of what was
    /// said.
    func log(_ summary: TurnSummary) {
        var metadata: Logger.Metadata = [
            "turn": "\(summary.conversation)/\(summary.seq)",
            "agent": "\(summary.agent)",
            "status": "\(summary.status.rawValue)",
            "duration_ms": .stringConvertible(summary.duration.milliseconds.rounded()),
            "model_calls": .stringConvertible(summary.modelCalls),
            "tool_calls": .stringConvertible(summary.toolCalls),
            "input_tokens": .stringConvertible(summary.usage.input),
            "output_tokens": .stringConvertible(summary.usage.output),
            "cost_usd": .stringConvertible(USD.rounded(summary.cost)),
        ]
        if let version = summary.agentVersion { metadata["version"] = .stringConvertible(version) }
        if let code = summary.errorCode ?? summary.limitReached { metadata["error_code"] = "\(code)" }
        logger.info(summary.status == .waiting ? "a turn waits" : "a turn ended", metadata: metadata)
    }
}
