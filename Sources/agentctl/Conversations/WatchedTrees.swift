import JSON
import Store

/// The turns that are watched, each with the tasks below it: those in progress, and a few that have just ended.
struct WatchedTrees {
    private let reports: Reports
    private let conversation: String?
    private let root: Reports.TurnName?
    private var running: [Reports.TurnName] = []
    /// The last rows of trees that have ended, the latest first.
    private var ended: [[JSONObject]] = []
    /// Whether the only tree that is watched has ended.
    private(set) var haveEnded = false

    /// The moment of the last look, by the clock of the database.
    private var time: Double?

    /// Turns that ended and were reported at the last looks.
    private var reported: Set<Reports.TurnName> = []

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
            haveEnded = first["finished_at"]?.stringValue != nil || first["status"]?.stringValue == "cancelled"
            return [rows]
        }
        let now = try await reports.activity(
            of: conversation,
            since: time.map { $0 - Self.overlap },
            limit: Self.mostTurns
        )
        time = now.time
        // Short ones begin and end between two looks.
        let past = running.filter { !now.inProgress.contains($0) }
        let news = past + now.ended.filter { !past.contains($0) && !reported.contains($0) }
        reported = Set(news + now.ended)
        running = now.inProgress
        for turn in news { ended.insert(try await rows(of: turn), at: 0) }
        var trees: [[JSONObject]] = []
        for turn in running { trees.append(try await rows(of: turn)) }
        trees += ended
        ended.removeLast(max(0, ended.count - Self.mostEnded))
        return trees
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
