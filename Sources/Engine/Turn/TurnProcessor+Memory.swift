import Conversation
internal import Logging
internal import Reactor

extension TurnProcessor {
    /// A turn that is to be stored, with its conversation's messages kept for the next.
    ///
    /// They are kept before it is stored: the database may have stored it when its answer is lost.
    func kept(_ record: TurnRecord, after claim: ClaimedSubmission) -> TurnRecord {
        var record = record
        record.isKept = memory?.withLock { $0.keep(record, after: claim, at: .now) } ?? false
        return record
    }

    /// A claim with the messages that it does not bring, as this worker knows them; nil when it does not.
    func recalled(_ claim: ClaimedSubmission) -> ClaimedSubmission? {
        guard case .known(let first) = claim.past else { return claim }
        guard let past = memory?.withLock({ $0.take(claim, from: first) }) else { return nil }
        var claim = claim
        claim.past = past
        return claim
    }

    /// Gives back a claim whose messages this worker should know and does not: the next claim brings them.
    func giveBackUnknown(_ claim: ClaimedSubmission) async -> Outcome {
        logger.notice("messages are not known here; the conversation is claimed again", metadata: claim.metadata())
        return await giveBack(claim, TurnRecord(agent: claim.agent), counting: false)
    }
}
