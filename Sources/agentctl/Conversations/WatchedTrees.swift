import JSON
import Store

/// The turns that are watched, each with the tasks below it: those in progress, and a few that have just ended.
struct WatchedTrees {
    private let reports: Reports
    private let conversation: String?
    private let root: Reports.TurnName?
    private var running: [Reports.TurnName] = []
    /// Turns that are in progress no longer, the latest first: one that was given back is queued again.
    private var past: [Past] = []
    /// Whether the only tree that is watched has ended.
    private(set) var haveEnded = false

    /// The moment of the last look, by the clock of the database.
    private var time: Double?

    /// Turns that ended and were reported at the last looks.
    private var reported: Set<Reports.TurnName> = []

    /// A turn that is in progress no longer.
    private struct Past {
        let turn: Reports.TurnName
        /// What its tree was at the last look.
        var rows: [JSONObject]
        /// Whether the tree changes no more: the turn has ended, or its conversation was deleted.
        var isOver: Bool { rows.first.map(WatchedTrees.isOver) ?? true }
    }

    /// Seconds that each look goes back behind the one before: a turn may have been claimed then, but not visible yet.
    private static let overlap = 2.0
    private static let mostTurns = 50
    private static let mostEnded = 8

    /// - Parameters:
    ///   - reports: The database.
    ///   - conversation: Only turns of this conversation; nil for all.
    ///   - root: Only this turn.
    init(reports: Reports, conversation: String?, root: Reports.TurnName?) {
        self.reports = reports
        self.conversation = conversation
        self.root = root
    }

    /// The trees as they are now, those in progress first.
    ///
    /// - Throws: ``CommandFailure`` when there is no such turn; `StoreError`.
    mutating func read() async throws -> [[JSONObject]] {
        if let root {
            let rows = try await reports.treeReport(of: root)
            guard let first = rows.first else {
                let name = "\(root.conversation)/\(root.seq)"
                throw CommandFailure(.notFound, code: "not_found", "there is no turn \"\(name)\"")
            }
            haveEnded = Self.isOver(first)
            return [rows]
        }
        let now = try await reports.activity(
            of: conversation,
            since: time.map { $0 - Self.overlap },
            limit: Self.mostTurns
        )
        time = now.time
        // Short ones begin and end between two looks.
        let left = running.filter { !now.inProgress.contains($0) }
        let news = left + now.ended.filter { !left.contains($0) && !reported.contains($0) }
        reported = Set(news + now.ended)
        running = now.inProgress
        // A turn is shown once: another worker may have one again that was given back.
        past.removeAll { running.contains($0.turn) || news.contains($0.turn) }
        for index in past.indices where !past[index].isOver { past[index].rows = try await rows(of: past[index].turn) }
        for turn in news { past.insert(Past(turn: turn, rows: try await rows(of: turn)), at: 0) }
        var trees: [[JSONObject]] = []
        for turn in running { trees.append(try await rows(of: turn)) }
        trees += past.map(\.rows)
        past.removeLast(max(0, past.count - Self.mostEnded))
        return trees
    }

    private static func isOver(_ row: JSONObject) -> Bool {
        row["finished_at"]?.stringValue != nil || row["status"]?.stringValue == "cancelled"
    }

    /// The rows of a turn's tree; none when its conversation was deleted meanwhile.
    private func rows(of turn: Reports.TurnName) async throws(StoreError) -> [JSONObject] {
        do throws(StoreError) {
            return try await reports.treeReport(of: turn)
        } catch  where error.code == .notFound {
            return []
        }
    }
}
