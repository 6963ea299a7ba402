extension Reports {
    /// An expression of SQL: what a turn waits for, as a JSON object with the requests that are `approvals`, the calls that
    /// are `in_doubt`, and the number of `tasks` that have not ended.
    ///
    /// - Parameters:
    ///   - conversation: An expression of SQL for the conversation's id.
    ///   - seq: One for the turn.
    static func waits(of conversation: String, _ seq: String) -> String {
        """
        json_build_object(
            'approvals', (
                SELECT coalesce(json_agg(json_build_object(
                           'approval', a.id, 'call', nullif(a.call_number, 0), 'place', a.place, 'tool', a.tool,
                           'arguments', a.arguments, 'subject', a.subject, 'rule', a.rule,
                           'requested_at', a.requested_at, 'expires_at', a.expires_at) ORDER BY a.id), '[]')
                FROM agentctl.approval AS a
                WHERE a.conversation_id = \(conversation) AND a.seq = \(seq) AND a.state = 'pending'),
            'in_doubt', (
                SELECT coalesce(json_agg(json_build_object(
                           'call', d.number, 'tool', d.tool, 'arguments', d.arguments, 'started_at', d.started_at)
                           ORDER BY d.number), '[]')
                FROM agentctl.tool_call AS d
                WHERE d.conversation_id = \(conversation) AND d.seq = \(seq) AND d.state = 'in_doubt'),
            'tasks', (
                SELECT count(*) FROM agentctl.task AS k
                WHERE k.parent_conversation_id = \(conversation) AND k.parent_seq = \(seq) AND k.finished_at IS NULL))
        """
    }
}
