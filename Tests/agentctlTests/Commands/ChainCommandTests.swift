import JSON
import TestSupport
import Testing

struct ChainCommandTests {
    private static let documents = """
        {kind: model, name: rules, provider: rules, rules: [{otherwise: x}]}
        ---
        {kind: agent, name: Lead, model: rules}
        ---
        {kind: agent, name: Searcher, model: rules, capabilities: [search]}
        ---
        {kind: chain, name: desk, from: Lead, to: [Searcher, {capabilities: [search]}], strategy: parallel}
        ---
        kind: chain
        name: opinion
        description: Asks twice.
        strategy: consensus
        rounds: 2
        voters: [{agent: Lead, weight: 2}, {name: second, agent: Searcher}]
        decide: {judge: Lead}
        """

    private func withChains(_ body: (_ url: String, _ directory: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles([
                "chains.yaml": Self.documents,
                "wrong.yaml": "{kind: chain, name: wrong, strategy: sequential, stages: [{agent: Sercher}]}",
                "next.yaml":
                    "{kind: chain, name: opinion, strategy: sequential, stages: [{agent: Lead}, {agent: Searcher}]}",
            ]) { directory in
                let registered = try await agentctl("register", "chains.yaml", url: url, in: directory)
                #expect(registered.status == 0, "\(registered.errors)")
                try await body(url, directory)
            }
        }
    }

    @Test func chainsAreListedWithTheirKind() async throws {
        try await withChains { url, _ in
            let list = try await agentctl("chains", "list", "--json", url: url).json
            #expect(list.arrayValue?.map { $0["name"] } == ["desk", "opinion"])
            #expect(list.arrayValue?.map { $0["kind"] } == ["relationship", "workflow"])
            #expect(list.arrayValue?.map { $0["agents"] } == [["Lead", "Searcher"], ["Lead", "Searcher"]])
            #expect(list.arrayValue?.map { $0["nodes"] } == [0, 5])
            let ways = try await agentctl("chains", "list", "--relationships", "--json", url: url).json
            #expect(ways.arrayValue?.map { $0["to_agent"] } == ["Searcher", .null])
            let text = try await agentctl("chains", "list", url: url).output
            #expect(text.contains("desk") && text.contains("relationship") && text.contains("consensus"))
        }
    }

    @Test func aChainIsDrawnInEachFormAndVersion() async throws {
        try await withChains { url, directory in
            let text = try await agentctl("chains", "show", "opinion", url: url).output
            #expect(text.hasPrefix("opinion · consensus\n") && text.contains("counts the votes"), "\(text)")
            let forms = [("--mermaid", "flowchart TD\n"), ("--dot", "digraph \"opinion\" {"), ("--svg", "<svg xmlns=")]
            for (form, beginning) in forms {
                let drawn = try await agentctl("chains", "show", "opinion", form, url: url)
                #expect(drawn.status == 0 && drawn.output.hasPrefix(beginning), "\(drawn.errors)")
            }
            let json = try await agentctl("chains", "show", "opinion", "--json", url: url).json
            #expect(json["nodes"]?.arrayValue?.map { $0["name"] } == ["ask", "Lead", "second", "count", "judge"])
            #expect(json["edges"]?.arrayValue?.count == 6 && json["version"] == 1)
            #expect(json["document"]?["rounds"] == 2)
            #expect(try await agentctl("register", "next.yaml", url: url, in: directory).status == 0)
            #expect(try await agentctl("chains", "show", "opinion", url: url).output.hasPrefix("opinion · sequential"))
            let first = try await agentctl("chains", "show", "opinion", "--version", "1", "--svg", url: url)
            #expect(first.output.contains("<title>opinion · consensus</title>"))
            let yaml = try await agentctl("chains", "show", "opinion", "--yaml", url: url).output
            #expect(try await agentctl("register", "-", url: url, input: yaml).output.contains("unchanged"), "\(yaml)")
            let desk = try await agentctl("chains", "show", "desk", "--svg", url: url).output
            #expect(desk.contains("relationship, parallel") && desk.contains("delegates"))
            for arguments in [["opinon"], ["opinion", "--version", "9"]] {
                let missing = try await AgentctlProcess(
                    ["chains", "show"] + arguments,
                    environment: ["DATABASE_URL": url]
                ).result()
                #expect(missing.status == 4, "\(missing.errors)")
            }
            #expect(try await agentctl("chains", "show", "opinion", "--svg", "--dot", url: url).status == 2)
            #expect(try await agentctl("chains", "show", "opinion", "--svg", "--json", url: url).status == 2)
        }
    }

    @Test func aFileIsCheckedAndDrawnWithoutBeingStored() async throws {
        try await withChains { url, directory in
            let good = try await agentctl("chains", "check", "next.yaml", url: url, in: directory)
            #expect(good.status == 0 && good.output.hasPrefix("opinion · sequential\n"), "\(good.errors)")
            #expect(try await agentctl("chains", "show", "opinion", url: url).output.contains("consensus"))
            let wrong = try await agentctl("chains", "check", "wrong.yaml", url: url, in: directory)
            #expect(wrong.status == 3 && wrong.errors.contains("wrong.yaml:1:"), "\(wrong.errors)")
            #expect(wrong.errors.contains("Searcher"))
        }
    }
}
