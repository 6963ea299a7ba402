import JSON
import TestSupport
import Testing

struct ChainRunCommandTests {
    private func withTour(_ body: (_ url: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            let registered = try await agentctl("register", "\(URLPath.packageRoot)/seeds/chains.yaml", url: url)
            #expect(registered.status == 0, "\(registered.errors)")
            try await body(url)
        }
    }

    @Test func aChainIsRunAndItsRunIsListedShownAndRunAgain() async throws {
        try await withTour { url in
            let run = try await agentctl("chains", "run", "tour-article", "ferries", "--conversation", "c", url: url)
            #expect(run.status == 0 && run.output.contains("Publish Draft 3 about ferries"), "\(run.errors)")
            #expect(run.errors.contains("run c/1"))
            let runs = try await agentctl("chains", "runs", "--chain", "tour-article", "--json", url: url).json
            #expect(runs.arrayValue?.map { $0["run"] } == ["c/1"] && runs[0]?["status"] == "succeeded")
            let state = try await agentctl("chains", "state", "c/1", "--node", "rate#2", "--json", url: url).json
            #expect(state["state"]?["drafts"]?.arrayValue?.count == 2 && state["visits"]?.arrayValue?.count == 8)
            let again = try await agentctl(
                "chains",
                "rerun",
                "c/1",
                "--from",
                "publish",
                "--set",
                "drafts:=[\"mine\"]",
                "--set",
                "score:=1",
                url: url
            )
            #expect(again.status == 0 && again.output.contains("at 1"), "\(again.errors)")
            #expect(again.output.contains("mine"))
            #expect(again.errors.contains("run c-rerun-1/1, with 7 visits copied"), "\(again.errors)")
        }
    }

    @Test(arguments: [
        (["chains", "run", "nothing", "x"], 4, "there is no chain \"nothing\""),
        (["chains", "run", "tour-vote"], 2, "Give either a message or --input."),
        (["chains", "run", "tour-vote", "--input", "{"], 2, "--input is not JSON"),
        (["chains", "runs", "--status", "odd"], 2, "--status is one of running"),
        (["chains", "state", "c"], 2, "The value 'c' is invalid for '<run>'"),
        (["chains", "state", "c/1"], 4, "there is no conversation \"c\""),
        (["chains", "rerun", "c/1", "--from", "x#0"], 2, "The value 'x#0' is invalid"),
        (["chains", "rerun", "c/1", "--from", "x", "--set", "k"], 2, "--set is KEY=TEXT or KEY:=JSON, not k"),
    ])
    func whatCannotBeIsSaid(arguments: [String], status: Int, told: String) async throws {
        try await withTour { url in
            let result = try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result()
            #expect(result.status == status && result.errors.contains(told), "\(result.errors)")
        }
    }
}
