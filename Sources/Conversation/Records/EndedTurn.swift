package import JSON

/// A turn that has ended and is to be stored.
package struct EndedTurn: Sendable {
    /// The claim that it was processed under.
    package let claim: ClaimedSubmission
    /// Its record, as `agentctl.finish` reads it.
    package let record: JSONText

    package init(claim: ClaimedSubmission, record: JSONText) {
        (self.claim, self.record) = (claim, record)
    }

    /// The length of its record.
    package var bytes: Int { record.string.utf8.count }
}

/// What became of an attempt to store a turn together with others.
package enum StorageOutcome: String, Sendable {
    /// It is stored.
    case stored
    /// Its lease was taken away: nothing of it was written, and it is to be dropped.
    case leaseLost = "lost"
    /// It has to be stored by itself: another transaction has its row, or tasks wait for it. Nothing of it was written.
    case alone
}
