import Engine
import Store

/// From the start of the program to its first output.
struct StartBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    func section() async throws -> Section {
        try await database.withClient { client in
            _ = try await Stores(client: client).definitions.register(Documents.offline)
        }
        let agentctl = try Programs.agentctl()
        let psql = try Programs.postgres("psql")
        var (help, nothing, firstReply, total, query) = (Samples(), Samples(), Samples(), Samples(), Samples())
        for round in 0..<plan.shortRounds {
            nothing.add(try await ProgramRun.of("/bin/true", []).total / .milliseconds(1))
            help.add(try await ProgramRun.of(agentctl, ["--help"]).total / .milliseconds(1))
            query.add(try await ProgramRun.of(psql, ["-XqAtc", "SELECT 1", database.url]).total / .milliseconds(1))
            let run = try await send(agentctl, conversation: "start \(round)")
            firstReply.add(run.firstOutput / .milliseconds(1))
            total.add(run.total / .milliseconds(1))
        }
        return Section(
            title: "Start",
            explanation: """
                A process from its start: `agentctl send` in a new conversation, answered by rules, on a server that runs \
                already, to the first byte of the reply and to its end; against `psql -c 'SELECT 1'`. `agentctl --help` is \
                compared with `/bin/true`. \(plan.shortRounds) rounds.
                """,
            comparison: "psql or true",
            measurements: [
                Measurement(
                    subject: "`agentctl send`, to the first byte of the reply",
                    measured: Format.milliseconds(firstReply.median),
                    comparison: Format.milliseconds(query.median),
                    ratio: firstReply.over(query),
                    target: .atMost(150, firstReply.median, unit: " ms")
                ),
                Measurement(
                    subject: "`agentctl send`, to its end",
                    measured: Format.milliseconds(total.median),
                    comparison: Format.milliseconds(query.median),
                    ratio: total.over(query)
                ),
                Measurement(
                    subject: "`agentctl --help`",
                    measured: Format.milliseconds(help.median),
                    comparison: Format.milliseconds(nothing.median),
                    ratio: help.over(nothing)
                ),
            ]
        )
    }

    private func send(_ agentctl: String, conversation: String) async throws -> ProgramRun {
        let run = try await ProgramRun.of(
            agentctl,
            ["send", "--conversation", conversation, Documents.question],
            environment: ["DATABASE_URL": database.url],
            errors: .discarded
        )
        guard run.output.contains(Documents.answer) else {
            throw BenchmarkError("agentctl send said: \(run.output)")
        }
        return run
    }
}
