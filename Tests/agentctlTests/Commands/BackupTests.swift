import Glibc
import TestSupport
import Testing

struct BackupTests {
    /// As docs/operations.md has it: what had ended is there, and what had not is done by the workers of the copy.
    @Test func aDumpOfALiveDatabaseGoesOnOnAnotherServer() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("done").held(at: gate)
            } perform: { model in
                _ = try await psql(url, "UPDATE agentctl.setting SET value = '2' WHERE name = 'worker_ttl'")
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let worker = try AgentctlProcess(["work", "--slots", "4"], environment: ["DATABASE_URL": url])
                let ended = try await agentctl("send", "-c", "ended", "What is 6 * 7?", url: url)
                #expect(ended.output == "It is 42.\n", "\(ended.errors)")
                _ = try await psql(url, "SELECT agentctl.submit('running', 'hi', agent => 'tester')")
                _ = try await model.requests(count: 1)
                _ = try await psql(url, "SELECT agentctl.submit('running', 'and then?')")
                try await withTemporaryDirectory { directory in
                    try await withCluster { other in
                        try await backUp(url, to: "\(directory)/backup")
                        await gate.openForever()
                        try await goesOn(other.url(), from: "\(directory)/backup", as: url)
                    }
                }
                worker.send(SIGTERM)
                #expect(try await worker.result().status == 0)
            }
        }
    }

    private func goesOn(_ copy: String, from file: String, as url: String) async throws {
        try await restoreBackUp(file, to: copy)
        let doctor = try await agentctl("doctor", url: copy)
        #expect(!doctor.output.contains("FAIL"), "\(doctor.output)")
        #expect(try await agentctl("init-db", url: copy).output == "the schema is up to date\n")
        let exported = try await agentctl("conversations", "export", "ended", url: copy)
        let original = try await agentctl("conversations", "export", "ended", url: url)
        #expect(exported.output == original.output && exported.status == 0)
        let worker = try AgentctlProcess(["work", "--slots", "4"], environment: ["DATABASE_URL": copy])
        try await eventually("the turns that had not ended") {
            try await psql(copy, "SELECT agentctl.reply('running', 2) IS NOT NULL") == "t"
        }
        #expect(try await psql(copy, "SELECT agentctl.reply('running', 1)") == "done")
        let sent = try await agentctl("send", "-c", "ended", "What is 1 + 1?", url: copy)
        #expect(sent.output == "It is 2.\n", "\(sent.errors)")
        worker.send(SIGTERM)
        #expect(try await worker.result().status == 0)
    }
}
