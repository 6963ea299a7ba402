import JSON
import TestSupport
import Testing

/// Which roles may read which conversations, as the command line says and lists it.
struct ConversationGrantCommandTests {
    @Test func whatWasGrantedIsListedToWhomItConcernsAndTakenBack() async throws {
        try await withDatabase(template: .seeded) { url in
            let number = UInt32.random(in: 0..<UInt32.max)
            let (support, ada, sam) = ("support_\(number)", "ada_\(number)", "sam_\(number)")
            _ = try await psql(
                url,
                """
                CREATE ROLE \(support); CREATE ROLE \(ada) LOGIN IN ROLE agentctl_client;
                CREATE ROLE \(sam) LOGIN IN ROLE agentctl_client, \(support)
                """
            )
            func command(_ arguments: String..., as user: String) async throws -> AgentctlProcess.Result {
                try await AgentctlProcess(
                    ["conversations"] + arguments,
                    environment: ["DATABASE_URL": url.replacingUser(with: user)]
                ).result()
            }
            for name in ["order:7", "order:8"] {
                _ = try await psql(url.replacingUser(with: ada), "SELECT agentctl.submit('\(name)', 'hello')")
            }
            let id = "\(ada)/order:7"
            let none = try await command("grants", "order:7", as: ada)
            #expect(none.status == 0 && none.errors.contains("is granted to no role"), "\(none)")
            #expect(try await command("grant", "order:7", "--to", support, as: ada).status == 0)

            func granted(_ arguments: String..., as user: String) async throws -> [JSONValue] {
                let result = try await AgentctlProcess(
                    ["conversations", "grants", "--json"] + arguments,
                    environment: ["DATABASE_URL": url.replacingUser(with: user)]
                ).result()
                return try result.json.arrayValue ?? []
            }
            let own = try await granted(as: ada)
            #expect(own.count == 1 && own[0]["conversation_id"] == .string(id) && own[0]["role"] == .string(support))
            #expect(own[0]["is_in_force"] == true && own[0]["granted_by"] == .string(ada))
            #expect(try await granted("order:7", as: ada) == own)
            #expect(try await granted(id, as: sam) == own)
            #expect(try await granted(as: sam) == own)
            let all = try await agentctl("conversations", "grants", "--json", url: url)
            #expect(try all.json.arrayValue == own)
            // What is not one's own, or not there, is the same.
            for name in ["\(ada)/order:8", "order:9"] {
                #expect(try await command("grants", name, as: sam).status == 4)
            }
            let table = try await command("grants", as: sam)
            #expect(table.output.contains(id) && table.output.contains("granted_by"), "\(table.output)")

            #expect(try await command("grant", "order:7", "--to", support, "--remove", as: ada).status == 0)
            #expect(try await granted(as: ada) == [])
            #expect(try await granted(as: sam) == [])
            // What another role had whose name is no more is listed, and can be taken back.
            #expect(try await command("grant", "order:7", "--to", support, as: ada).status == 0)
            _ = try await psql(url, "DROP ROLE \(sam); DROP ROLE \(support)")
            #expect(try await granted(as: ada).first?["is_in_force"] == false)
            #expect(try await command("grant", "order:7", "--to", support, "--remove", as: ada).status == 0)
            #expect(try await granted(as: ada) == [])
        }
    }
}
