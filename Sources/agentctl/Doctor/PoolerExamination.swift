import JSON
import Logging
import Postgres
import Store

/// What `doctor` says of a pooler in transaction mode, such as PgBouncer, between the program and the server.
struct PoolerExamination {
    let client: PostgresClient
    let logger: Logger

    private static let text = "a pooler in transaction mode: statements go without names"

    /// Also tries the way past it, if one is known.
    ///
    /// - Parameter server: What the server reports through the pooler.
    func check(against server: JSONObject) async throws -> Check {
        guard let direct = client.configuration.direct else {
            return Check(
                "pooler",
                .ok,
                "\(Self.text), and workers look for work every 250 ms, for interruptions every 3 s",
                hint: """
                    To notify workers at once, set DIRECT_URL to the server itself. If the pooler is in session mode, \
                    write pgbouncer=false into the URL.
                    """
            )
        }
        if let problem = await problem(of: direct, server) {
            return Check(
                "pooler",
                .failed,
                "\(Self.text); DIRECT_URL is of no use: \(problem)",
                hint: "Set DIRECT_URL to the server and database that the pooler leads to, or leave it out."
            )
        }
        return Check("pooler", .ok, "\(Self.text), and workers listen past it (DIRECT_URL)")
    }

    private func problem(of configuration: PostgresConfiguration, _ server: JSONObject) async -> String? {
        let direct = PostgresClient(configuration, logger: logger)
        let found: Result<JSONObject, StoreError>
        do throws(StoreError) {
            found = .success(try await Stores(client: direct).reports.serverReport())
        } catch {
            found = .failure(error)
        }
        let isPooled = direct.isPooled
        await direct.shutdown()
        switch found {
        case .failure(let error): return error.message
        case .success where isPooled: return "it goes through a pooler as well"
        case .success(let report):
            let isSame = ["database", "started_at"].allSatisfy { report[$0] == server[$0] }
            return isSame ? nil : "it is another database"
        }
    }
}
