import Conversation
import Safety
import Store
import Tools

// Calls that write to the database.
extension ToolRoundDriver {
    /// Runs calls that write to the database, in the transaction that stores the round.
    ///
    /// The statements of tools come first, and the conversation's row is locked after them. A session that holds what they
    /// wait for may need the row, and a server process that cannot be ended keeps its locks.
    mutating func runInTransaction(
        _ indices: [Int],
        _ transcript: inout Transcript
    ) async -> [ToolRound.Action] {
        let (before, transcriptBefore) = (self, transcript)
        let foreign = indices.filter { index in
            let tool = turn.agent.tools.tool(named: round.calls[index].request.name)
            return (tool as? any TransactionalTool)?.runsForeignStatements == true
        }
        let own = indices.filter { !foreign.contains($0) }
        let end = await turn.journal.save(
            isForeign: !foreign.isEmpty,
            after: { conversation in
                var (driver, transcript) = (before, transcriptBefore)
                try await driver.call(foreign, then: own, in: conversation, &transcript)
                return (transcript.snapshot(with: driver.round), (driver, transcript))
            }
        )
        switch end {
        case .committed(let after):
            (self, transcript) = after
            transcript.markStored()
            round.markStored()
            return round.committed(true, isCancelled: Task.isCancelled)
        case .undone(let error):
            _ = caller.drain()
            return round.undone(because: error.message)
        case .cancelled:
            _ = caller.drain()
            return round.cancelledInTransaction()
        case .unknown: return round.committed(false, isCancelled: Task.isCancelled)
        }
    }

    private mutating func call(
        _ foreign: [Int],
        then own: [Int],
        in conversation: HeldConversation,
        _ transcript: inout Transcript
    ) async throws {
        _ = caller.drain()
        var results: [(ran: ToolRound.Ran, verdict: GuardrailVerdict?)] = []
        for index in foreign + own {
            // Where the lease is gone, nothing of the transaction is kept.
            if index == own.first, !foreign.isEmpty { _ = try await conversation.lock() }
            let call = round.calls[index]
            let ran = try await caller.call((index, call), in: conversation)
            let (verdict, findings) = await gate.inspectAtOnce(ran.result.output.text)
            transcript.append(findings, of: call.request)
            results.append((ran, verdict))
        }
        let actions = round.ranInTransaction(results)
        keepRecords(&transcript)
        for action in actions { note(action, &transcript) }
    }
}
