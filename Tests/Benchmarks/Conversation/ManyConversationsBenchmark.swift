import Conversation
import Engine
import Postgres
import Store
import TestSupport

/// How long what people look at takes among very many conversations, for a reader of all and for a client.
struct ManyConversationsBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private typealias Look = (subject: String, perform: (Stores) async throws -> Void)

    func section() async throws -> Section {
        var section = Section(
            title: "Many conversations",
            explanation: """
                Among \(Format.number(Double(plan.conversations))) conversations, of which a client has one in fifty: each \
                report as the command asks for it, the median of \(plan.rounds) rounds. Against the number of conversations there is \
                nothing to compare: a ratio is that to the first page of the list. A conversation of 5,000 turns is compared \
                with one of 1,250, and 4 is linear.
                """,
            comparison: "list"
        )
        try await database.withClient(connections: 1) { client in
            _ = try await Stores(client: client).definitions.register(Documents.offline)
            try await client.withConnection { connection in
                try await connection.executeScript(ManyConversations.script)
                try await connection.executeScript("CALL many.fill(\(plan.conversations))")
                try await connection.executeScript("VACUUM ANALYZE")
            }
            section.measurements += try await looks("reader", client)
            try await withClient { section.measurements += try await looks("client", $0) }
            section.measurements += try await exchanges(client)
            _ = try await client.query(PostgresStatement("DROP ROLE \(ManyConversations.client)"))
        }
        return section
    }

    /// The reports as `who` asks for them.
    private func looks(_ who: String, _ client: PostgresClient) async throws -> [Measurement] {
        let stores = Stores(client: client)
        // One of the client's, from the middle.
        let some = "c\(plan.conversations / 100 * 50)"
        var first: Samples?
        var lines: [Measurement] = []
        for (subject, perform) in Self.reports(of: some) {
            var samples = Samples()
            // The first time reads from the disk and plans.
            for round in 0...plan.rounds {
                let time = try await ContinuousClock().measure { try await perform(stores) }
                if round > 0 { samples.add(time / .milliseconds(1)) }
            }
            lines.append(
                Measurement(
                    subject: "\(subject), \(who)",
                    measured: Format.milliseconds(samples.median),
                    comparison: first.map { Format.milliseconds($0.median) } ?? "–",
                    ratio: first.map { Samples([samples.median / $0.median]) },
                    target: .atMost(20, samples.median, unit: " ms")
                )
            )
            first = first ?? samples
        }
        return lines
    }

    private static func reports(of some: String) -> [Look] {
        func list(_ subject: String, _ change: (inout ConversationFilter) -> Void) -> Look {
            var page = ConversationFilter(limit: 50)
            change(&page)
            let asked = page
            return (subject, { _ = try await $0.reports.conversationReport(asked) })
        }
        return [
            list("`conversations`") { _ in }, list("— a page from the middle") { $0.after = some },
            list("— that wait") { $0.state = "waiting" }, list("— by a prefix") { $0.prefix = some },
            ("`conversations show`", { _ = try await $0.reports.conversationReport(some, limit: 100) }),
            ("`trace`", { _ = try await $0.reports.traceReport(conversation: some, seq: 1) }),
            ("`events`", { _ = try await $0.conversations.events(of: some, after: 0) }),
            ("`approvals`", { _ = try await $0.conversations.approvals(isPending: true, limit: 50) }),
            (
                "— of a conversation",
                {
                    _ = try await $0.conversations.approvals(conversation: some, isPending: false, limit: 50)
                }
            ),
        ]
    }

    /// Export and import of a long conversation, against a quarter of it.
    private func exchanges(_ client: PostgresClient) async throws -> [Measurement] {
        try await psql(database.url, PastConversation.function)
        var times: [String: Samples] = [:]
        for round in 0...plan.rounds {
            for turns in plan.isQuick ? [25, 100] : [1_250, 5_000] {
                let past = PastConversation(round, 2 * turns)
                try await past.make(in: database)
                for (what, sql) in [
                    ("Export", "SELECT length(agentctl.export_conversation('\(past.id)')::text)"),
                    (
                        "Import",
                        """
                        SELECT agentctl.import_conversation(agentctl.export_conversation('\(past.id)'), '\(past.id) copy')
                        """
                    ),
                ] {
                    let time = try await ContinuousClock().measure {
                        _ = try await client.query(PostgresStatement(sql))
                    }
                    if round > 0 { times["\(what) \(turns)", default: Samples()].add(time / .milliseconds(1)) }
                }
            }
        }
        let (few, many) = plan.isQuick ? (25, 100) : (1_250, 5_000)
        return ["Export", "Import"].map { what in
            let (short, long) = (times["\(what) \(few)"] ?? Samples(), times["\(what) \(many)"] ?? Samples())
            let ratio = long.over(short)
            return Measurement(
                subject:
                    "\(what) of \(Format.number(Double(many))) turns\(what == "Import" ? ", with the export" : "")",
                measured: Format.milliseconds(long.median),
                comparison: Format.milliseconds(short.median),
                ratio: ratio,
                target: .atMost(5, ratio.median, unit: "")
            )
        }
    }

    /// A client of the database who is no reader.
    private func withClient(_ body: (PostgresClient) async throws -> Void) async throws {
        var configuration = try PostgresConfiguration(url: database.url.replacingUser(with: ManyConversations.client))
        configuration.maximumConnections = 1
        configuration.applicationName = BenchmarkDatabase.applicationName
        let client = PostgresClient(configuration, logger: .silent)
        let result: Result<Void, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        await client.shutdown()
        try result.get()
    }
}
