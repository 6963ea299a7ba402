import JSON

/// A run of a chain that waits for one task, as the worker remembers it that does the task.
///
/// With the end of the task it knows what a claim of the run would find. Where that is not certain there is none: what the
/// database would return in another form, or what others may have changed meanwhile, is claimed and read.
package struct ParkedRun: Sendable {
    private let claim: ClaimedSubmission
    private let record: TurnRecord
    private let task: TaskRequest
    private let child: ClaimedSubmission

    /// Bytes of answers of tasks at most; a claim leaves out what is beyond some more.
    private static let maximumBytes = 1 << 20

    /// A run that has parked.
    ///
    /// - Parameters:
    ///   - record: The turn as it was stored.
    ///   - claim: The claim that it was processed under.
    ///   - child: What was claimed in the same commit.
    /// - Returns: nil unless it waits for that alone, and for nobody else.
    package init?(_ record: TurnRecord, of claim: ClaimedSubmission, awaiting child: ClaimedSubmission) {
        guard let awaited = child.task, awaited.parent == claim.conversation, awaited.root == claim.conversation,
            awaited.rootSeq == claim.seq, child.progress == nil, claim.task == nil,
            record.awaited?.endings == 1, record.tasks.count == 1, let task = record.tasks.first, !record.isAsked,
            record.toolCalls.isEmpty, record.stored.saves == claim.progress?.saves ?? 0, record.handedTo == nil,
            record.bodies.isEmpty,
            record.messages.allSatisfy({ JSONValue.storable($0.content) == .string($0.content) }),
            record.nodes.allSatisfy(\.isPlainVisit)
        else { return nil }
        if let progress = claim.progress {
            guard progress.openTasks == 0, progress.told == progress.tasks.count, progress.inputApproval == nil,
                progress.calls.isEmpty, progress.earlierCalls.isEmpty, progress.nodes.allSatisfy(\.isPlainVisit)
            else { return nil }
        }
        (self.claim, self.record, self.task, self.child) = (claim, record, task, child)
    }

    /// The claim of the run when its task has ended; its lease is that of none.
    ///
    /// - Parameter ended: The turn of the task.
    /// - Returns: nil where something of it is not certain.
    package func claim(after ended: TurnRecord) -> ClaimedSubmission? {
        let earlier = claim.progress?.tasks ?? []
        guard let reply = ended.reply, ended.messages.last?.role == .assistant, let id = child.task?.id,
            ended.stored.saves == 0, JSONValue.storable(reply) == .string(reply),
            earlier.reduce(reply.utf8.count, { $0 + ($1.output?.utf8.count ?? 0) }) <= Self.maximumBytes
        else { return nil }
        let outcome = TaskOutcome(
            id: id,
            number: task.number,
            group: task.group,
            agent: child.agent,
            state: .done,
            isTold: true,
            output: reply,
            chosen: ended.chosen,
            tokens: ended.usage.input + ended.usage.output,
            cost: ended.cost
        )
        let told = (claim.progress?.told ?? 0) + 1
        return claim.with(TurnProgress(after: record, claim.progress, tasks: earlier + [outcome], told: told))
    }
}

extension JSONValue {
    /// Whether the database returns a visit of a node as it was given: what it was sent and gave are texts.
    fileprivate var isPlainVisit: Bool {
        func isPlain(_ value: JSONValue?) -> Bool { value.map { $0.stringValue != nil } ?? true }
        return isPlain(self["input"]) && isPlain(self["output"]) && self["writes"] == nil
    }
}
