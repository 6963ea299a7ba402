import JSON
import Store

/// The trees that are watched: those in progress, and a few that have just ended.
struct WatchedTrees {
    private let reports: Reports
    private let conversation: String?
    private let root: Reports.TurnName?
    private var running: [Reports.TurnName] = []
    /// The last rows of trees that have ended, the latest first.
    private var ended: [[JSONObject]] = []
    /// Whether the only tree that is watched has ended.
    private(set) var haveEnded = false

    private static let mostRunning = 20
    private static let mostEnded = 3

    /// - Parameters:
    ///   - reports: The database.
    ///   - conversation: Only turns of this conversation; nil for all that have tasks.
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
            haveEnded = first["finished_at"]?.stringValue != nil
            return [rows]
        }
        let now = try await reports.turnsInProgress(of: conversation, limit: Self.mostRunning)
        for turn in running where !now.contains(turn) {
            ended.insert(try await reports.treeReport(of: turn), at: 0)
        }
        ended.removeLast(max(0, ended.count - Self.mostEnded))
        running = now
        var trees: [[JSONObject]] = []
        for turn in now { trees.append(try await reports.treeReport(of: turn)) }
        return trees + ended
    }
}
