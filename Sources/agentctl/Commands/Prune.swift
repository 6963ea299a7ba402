import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl prune`.
struct Prune: Command {
    static let configuration = CommandConfiguration(
        abstract: "Delete what nobody has used for some time.",
        discussion: """
            Deletes the conversations in which nothing has happened for so long, with everything that belongs to them, and \
            what is older of calls, schedules and deliveries. Of conversations that are in use the messages stay, and the \
            records of turns go by whole months. What has not ended stays: turns that run or wait, open tasks.

            It asks first; without a terminal it wants --yes. It works in short steps and can be stopped at any time. For owners. Workers do the same when the setting \
            retention has a value: UPDATE agentctl.setting SET value = '90 days' WHERE name = 'retention'

            EXAMPLE
              agentctl prune --older-than 90d --dry-run
              agentctl prune --older-than 52w --yes --json | jq .deleted
            """
    )

    @Option(help: ArgumentHelp("How old, such as 90d, 12w or 36h.", valueName: "span"))
    var olderThan: TimeSpan

    @Flag(help: "Show what would be deleted, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard olderThan.duration > .zero else { throw ValidationError("--older-than is more than nothing.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let question = "Delete what has not been used for \(olderThan.text) for good?"
            try await Confirmation.require(question, isGiven: yes || dryRun, on: console)
            let (age, isRehearsal) = (olderThan.duration, dryRun)
            let report = try await SignalInterruption.run {
                try await Self.prune(conversations, olderThan: age, isRehearsal: isRehearsal)
            }
            show(report, on: console)
            return report.kept.isEmpty ? .done : .failed
        }
    }

    private static func prune(
        _ conversations: ConversationStore,
        olderThan age: Duration,
        isRehearsal: Bool
    ) async throws -> PruneReport {
        // One partition at a time, so that none is locked for longer than it takes to drop it.
        var report = PruneReport()
        var step: PruneReport
        repeat {
            try Task.checkCancellation()
            step = try await conversations.pruneRecords(
                olderThan: age,
                maximum: isRehearsal ? nil : 1,
                isRehearsal: isRehearsal
            )
            report.add(step)
        } while !isRehearsal && !step.dropped.isEmpty
        var id: String? = ""
        while let last = id {
            try Task.checkCancellation()
            let step = try await conversations.pruneConversations(olderThan: age, after: last, isRehearsal: isRehearsal)
            report.add(step.report)
            id = step.next
        }
        return report
    }

    private func show(_ report: PruneReport, on console: Console) {
        if console.isJSON {
            console.print([
                "dry_run": .bool(dryRun), "deleted": DeletedRows(report.deleted).json,
                "dropped": .array(report.dropped.map { .string($0) }),
                "kept": .array(report.kept.map { .string($0) }),
            ])
            return
        }
        console.print("\(dryRun ? "would delete" : "deleted") \(DeletedRows(report.deleted).text)")
        if !report.dropped.isEmpty {
            console.print("\(dryRun ? "would drop" : "dropped") \(report.dropped.joined(separator: ", "))")
        }
        if !report.kept.isEmpty {
            console.note("kept, as another session reads it: \(report.kept.joined(separator: ", ")); run it again")
        }
    }
}

extension TimeSpan {
    /// The span in words: `90 days`.
    fileprivate var text: String {
        let seconds = duration.components.seconds
        let units: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")]
        let (size, name) = units.first { seconds % $0.0 == 0 } ?? (1, "second")
        return "\(seconds / size) \(name)\(seconds == size ? "" : "s")"
    }
}
