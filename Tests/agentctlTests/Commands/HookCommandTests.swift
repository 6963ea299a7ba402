import HTTP
import JSON
import TestSupport
import Testing

struct HookCommandTests {
    private static func document(_ url: String) -> String {
        """
        kind: hook
        name: orders
        events: [turn_complete]
        url: \(url)/hook
        secret_env: ORDERS_HOOK_SECRET
        allow_private: true
        """
    }

    @Test func hooksAreListedTestedAndToldAgain() async throws {
        try await withMockServer { request in
            request.text.contains("turn_complete") ? .text("", status: 410) : .text("ok")
        } perform: { server in
            try await withDatabase(template: .seeded) { url in
                try await withFiles(["a.yaml": Self.document(server.url)]) { directory in
                    let registered = try await agentctl("register", "a.yaml", url: url, in: directory)
                    #expect(registered.status == 0, "\(registered.errors)")
                }
                let unset = try await agentctl("hooks", "test", "orders", url: url)
                #expect(unset.status == 1 && unset.errors.contains("ORDERS_HOOK_SECRET is not set"), "\(unset.errors)")
                let environment = ["ORDERS_HOOK_SECRET": "not to be shown"]
                let test = try await agentctl("hooks", "test", "orders", "--json", url: url, environment: environment)
                #expect(try test.json["status"] == 200, "\(test.errors)")
                let headers = try #require(await server.requests.first?.headers)
                #expect(headers.first(name: "webhook-signature")?.hasPrefix("v1,") == true)

                let sent = try await agentctl("send", "--conversation", "7", "What is 1+1?", url: url)
                #expect(sent.status == 0, "\(sent.errors)")
                let pending = try await agentctl("hooks", "deliveries", "orders", "--json", url: url)
                #expect(try pending.json.arrayValue?.map { $0["about"]?.stringValue } == ["7/1"], "\(pending.errors)")
                // A worker without the secret says why, and doctor shows it.
                let lacking = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
                try await eventually("the worker lacks the secret") {
                    let checks = try await agentctl("doctor", "--json", url: url).json["checks"]?.arrayValue
                    let hooks = checks?.first { $0["check"] == "hooks" }
                    return hooks?["status"] == "warning"
                        && hooks?["message"]?.stringValue?.contains("ORDERS_HOOK_SECRET is not set") == true
                }
                lacking.send(15)
                _ = try await lacking.result()
                let due = "UPDATE agentctl.hook_delivery SET next_at = now()"
                #expect(try await agentctl("db", "psql", "--", "-c", due, url: url).status == 0)
                var worker = environment
                worker["DATABASE_URL"] = url
                worker["AGENTCTL_LOG_LEVEL"] = "trace"
                let process = try AgentctlProcess(["work"], environment: worker)
                try await eventually("the receiver is gone") {
                    try await agentctl("hooks", "deliveries", "--state", "dead", "--json", url: url).json != []
                }
                process.send(15)
                let log = try await process.result()
                #expect(!(log.errors + log.output).contains("not to be shown"))
                let list = try await agentctl("hooks", "list", "--json", url: url)
                #expect(try list.json.arrayValue?.first?["stopped_at"]?.stringValue != nil, "\(list.errors)")
                let again = try await agentctl("hooks", "redeliver", "1", url: url)
                #expect(again.status == 0 && again.errors.contains("msg_"), "\(again.errors)")
                #expect(try await agentctl("hooks", "redeliver", "1", url: url).status == 3)
                #expect(try await agentctl("hooks", "redeliver", "99", url: url).status == 4)
                let unknown = try await agentctl("hooks", "test", "ordres", url: url)
                #expect(unknown.status == 4 && unknown.errors.contains("Did you mean orders?"), "\(unknown.errors)")
            }
        }
    }

    @Test func aSecretInADocumentIsRefusedAndNotShown() async throws {
        try await withDatabase(template: .seeded) { url in
            let document =
                "{kind: hook, name: h, events: [turn_complete], url: 'https://example.com', secret_env: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw='}"
            try await withFiles(["b.yaml": document]) { directory in
                let refused = try await agentctl("register", "b.yaml", url: url, in: directory)
                #expect(refused.status == 3 && refused.errors.contains("b.yaml:1:"), "\(refused.errors)")
                #expect(!refused.errors.contains("MfKQ9r8"))
            }
        }
    }
}
