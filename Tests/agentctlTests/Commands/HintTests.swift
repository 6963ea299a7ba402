import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

@testable import agentctl

/// What commands say is to be done next.
struct HintTests {
    @Test func aPlanThatFailedGoesOnWithTheCommandThatIsPrinted() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["config.yaml": "port: 8080\n"]) { directory in
                let template = """
                    {"kind": "plan", "name": "look", "when": ["look at (?<what>\\\\S+)"], "steps": [
                      {"tool": "file_read", "arguments": {"path": "{{what}}"}, "description": "Look at {{what}}"}]}
                    """
                let registered = try await agentctl("register", "-", url: url, input: template)
                #expect(registered.status == 0, "\(registered.errors)")
                let failed = try await AgentctlProcess(
                    [
                        "execute", "look at config.yaml then look at late", "--workspace", directory, "--database-url",
                        url,
                    ],
                    environment: [:]
                ).result()
                #expect(failed.status == 1, "\(failed.errors)")
                let hint = "to go on: agentctl plans run 1 --workspace \(directory) --database-url "
                let line = try #require(
                    failed.errors.split(separator: "\n").first { $0.hasPrefix(hint) },
                    "\(failed.errors)"
                )
                try "late\n".write(toFile: "\(directory)/late", atomically: false, encoding: .utf8)
                let command = line.dropFirst("to go on: agentctl".count)
                let pasted = try await AgentctlProcess(
                    program: ["/bin/sh", "-c", "exec \"$0\" \(command)"],
                    [AgentctlProcess.executable]
                ).result()
                #expect(pasted.status == 0, "\(pasted.errors)")
                #expect(!pasted.errors.contains("1. [running]") && pasted.errors.contains("2. [completed]"))
            }
        }
    }

    @Test(arguments: [
        ("See: agentctl trace 7/1", "See: agentctl trace 7/1 --database-url postgresql://db/x"),
        (
            "approve it: agentctl plans run 7; or not",
            "approve it: agentctl plans run 7 --workspace 'a b' --database-url postgresql://db/x; or not"
        ),
        (
            "Run: agentctl init-db --seed    (or another)",
            "Run: agentctl init-db --seed --database-url postgresql://db/x    (or another)"
        ),
        (
            "See: agentctl approvals list; then: agentctl approvals approve ID, or deny ID",
            "See: agentctl approvals list --database-url postgresql://db/x; then: agentctl approvals approve ID --database-url postgresql://db/x, or deny ID"
        ),
        ("agentctl needs UTF8.", "agentctl needs UTF8."),
        (
            "Start it: agentctl work. It serves.",
            "Start it: agentctl work --workspace 'a b' --database-url postgresql://db/x. It serves."
        ),
    ])
    func aCommandInAHintHasTheOptionsThatWereGiven(_ hint: String, _ completed: String) {
        let given = GivenOptions(databaseURL: "postgresql://db/x", workspace: "a b")
        #expect(given.completing(hint) == completed)
        #expect(GivenOptions(databaseURL: nil).completing(hint) == hint)
    }

    @Test func aPasswordIsNotRepeated() {
        let given = GivenOptions(databaseURL: PsqlAddress.withoutPassword("postgresql://ada:secret@db/x"))
        let hint = given.completing("See: agentctl doctor")
        #expect(hint.contains("--database-url") && hint.contains("ada") && !hint.contains("secret"), "\(hint)")
        // Where the password is in it cannot be said of what is no address.
        let broken = "postgresql://ada:secret@db/%zz"
        let address: String? = PsqlAddress.withoutPassword(broken)
        #expect(address == nil)
    }

    @Test(arguments: [
        (["frobnicate"], "There is no command 'frobnicate' in 'agentctl'.\n"),
        (["conversation", "list"], "There is no command 'conversation' in 'agentctl'. Did you mean 'conversations'?"),
        (["plans", "rn"], "There is no command 'rn' in 'agentctl plans'. Did you mean 'run'?"),
    ])
    func anUnknownCommandIsNamedWithTheNearest(_ arguments: [String], _ text: String) async throws {
        let result = try await AgentctlProcess(arguments, environment: [:]).result()
        #expect(result.status == 2 && result.errors.contains(text), "\(result.errors)")
    }

    @Test(arguments: [
        ["metrics", "--agent"], ["metrics", "--tools", "--agent"], ["chains", "runs", "--chain"],
        ["conversations", "list", "--agent"], ["tasks", "list", "--agent"],
    ])
    func aReportAboutAnAgentThatThereIsNotSaysSo(_ command: [String]) async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await AgentctlProcess(command + ["assistnt"], environment: ["DATABASE_URL": url]).result()
            #expect(result.status == 4 && result.errors.contains("Did you mean assistant?"), "\(result.errors)")
            let known = try await AgentctlProcess(command + ["assistant"], environment: ["DATABASE_URL": url]).result()
            #expect(known.status == 0, "\(known.errors)")
        }
    }

    @Test func whatKeepsFromTheDatabaseIsSaid() async throws {
        try await withDatabase { url in
            let cases = [
                (url.replacingUser(with: "ghost_of_nobody"), "There is no such user on the server"),
                (url.replacing("?", with: "_missing?", maxReplacements: 1), "There is no such database on the server"),
                ("postgresql://x@127.0.0.1:1/x", "Is the server running?"),
                ("postgresql://x@no-such-host.invalid/x", "Is the name of the host in the URL right?"),
            ]
            for (target, hint) in cases {
                for command in [["agents", "list"], ["doctor"]] {
                    let result = try await AgentctlProcess(command, environment: ["DATABASE_URL": target]).result()
                    #expect(result.status == 5 && (result.output + result.errors).contains(hint), "\(target) \(result)")
                }
            }
        }
    }

    @Test func whatCannotBeForkedSetOrPlannedIsSaid() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "What is 1 + 1?", url: url).status == 0)
            let cases: [(arguments: [String], status: Int32, texts: [String])] = [
                (["fork", "c", "d", "--message", "99"], 4, ["has no message 99", "agentctl conversations show c"]),
                (["fork", "c", "c"], 3, ["there is a conversation \"c\" already", "an id that is not taken"]),
                (["fork", "none", "d"], 4, ["there is no conversation \"none\""]),
                (["set", "c", "--reset", "agent"], 3, ["setting \"agent\" is null", "the name of an agent"]),
                (["set", "c", "--limit", "agent=5"], 3, ["setting \"agent\" is 5"]),
                (["set", "c", "--limit", "timeout=soon"], 2, ["A limit is NAME=NUMBER"]),
                (["set", "c", "--limit", "timeout=0"], 3, ["from 0.001 to 86400"]),
            ]
            for (arguments, status, texts) in cases {
                let command = ["conversations"] + arguments
                let result = try await AgentctlProcess(command, environment: ["DATABASE_URL": url]).result()
                #expect(result.status == status, "\(arguments): \(result.errors)")
                for text in texts { #expect(result.errors.contains(text), "\(arguments): \(result.errors)") }
            }
            let forked = try await agentctl("conversations", "fork", "c", "it's d", url: url)
            let next = "to continue: agentctl send --conversation 'it'\\''s d' MESSAGE"
            #expect(forked.errors.contains(next), "\(forked)")
            for command in ["execute", "plan-task"] {
                let blank = try await agentctl(command, " ", url: url)
                #expect(blank.status == 2 && blank.errors.contains("the task says nothing"), "\(blank.errors)")
                let unknown = try await agentctl(command, "List the files", "--context", "nonsense=1", url: url)
                #expect(unknown.status == 2, "\(unknown.errors)")
                #expect(unknown.errors.contains("agentctl plans templates list"), "\(unknown.errors)")
            }
        }
    }

    @Test func whoMayNotUpgradeOrWriteIsToldWhatToDo() async throws {
        try await withDatabase(template: .seeded) { url in
            let number = UInt32.random(in: 0..<UInt32.max)
            _ = try await psql(
                url,
                """
                CREATE ROLE ops_\(number) LOGIN IN ROLE agentctl_owner;
                CREATE ROLE looks_\(number) LOGIN IN ROLE agentctl_owner;
                ALTER ROLE looks_\(number) SET default_transaction_read_only = on
                """
            )
            let upgrade = try await agentctl("init-db", url: url.replacingUser(with: "ops_\(number)"))
            #expect(upgrade.status == 3 && upgrade.errors.contains("owner of the schema"), "\(upgrade.errors)")
            let sent = try await agentctl("send", "-c", "c", "hello", url: url.replacingUser(with: "looks_\(number)"))
            #expect(sent.status == 5 && sent.errors.contains("name the primary server"), "\(sent.errors)")
        }
    }

    @Test func whatWasUndoneIsShownAgainUnlessSomethingWasSaidSince() async throws {
        try await withDatabase(template: .seeded) { url in
            for text in ["What is 1 + 1?", "What is 2 + 2?"] {
                #expect(try await agentctl("send", "-c", "c", text, url: url).status == 0)
            }
            let undone = try await agentctl("conversations", "undo", "c", "--turns", "2", url: url)
            #expect(undone.errors.contains("agentctl conversations redo c"), "\(undone.errors)")
            let empty = try await agentctl("conversations", "fork", "c", "d", url: url)
            #expect(empty.status == 3 && empty.errors.contains("was not undone"), "\(empty.errors)")
            let redone = try await agentctl("conversations", "redo", "c", url: url)
            #expect(redone.status == 0 && redone.errors.hasPrefix("turns 1, 2 shown again"), "\(redone.errors)")
            #expect(try await agentctl("conversations", "redo", "c", url: url).status == 3)
            #expect(try await agentctl("conversations", "fork", "c", "d", url: url).status == 0)
            _ = try await agentctl("conversations", "undo", "c", url: url)
            _ = try await agentctl("send", "-c", "c", "What is 3 + 3?", url: url)
            let late = try await agentctl("conversations", "redo", "c", url: url)
            #expect(late.status == 3 && late.errors.contains("not redone"), "\(late.errors)")
        }
    }

    @Test func aClientReadsWhichLimitHolds() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = "limited_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            let client = url.replacingUser(with: name)
            let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
            #expect(try await agentctl("send", "-c", "c", "What is 1 + 1?", "--no-wait", url: client).status == 0)
            let set = try await agentctl(
                "conversations",
                "set",
                "c",
                "--limit",
                "max_iterations=900",
                "--limit",
                "timeout=7",
                url: client
            )
            worker.send(SIGTERM)
            _ = try await worker.result()
            #expect(
                set.errors.contains("max_iterations = ") && set.errors.contains("(not 900: only an owner"),
                "\(set.errors)"
            )
            #expect(set.errors.contains("timeout = 7") && !set.errors.contains("not 7"), "\(set.errors)")
        }
    }

    @Test func whoAskedIsToldWhoDecidesAndFindsItsConversations() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = "asks_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            let client = url.replacingUser(with: name)
            let asking = """
                [{"kind": "policy", "name": "ask", "rules": [{"action": "ask"}]},
                 {"kind": "agent", "name": "asker", "model": "offline", "tools": ["calculator"], "policies": ["ask"],
                  "access": "everyone"}]
                """
            #expect(try await agentctl("register", "-", url: url, input: asking).status == 0)
            let queued = try await agentctl("send", "-c", "z1", "-a", "asker", "What is 1+1?", "--no-wait", url: client)
            #expect(queued.status == 0, "\(queued.errors)")
            let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
            try await eventually("the worker") { worker.errorsSoFar.contains("working") }
            let waits = try await agentctl("send", "-c", "z2", "-a", "asker", "What is 1+1?", url: client)
            #expect(waits.status == 6, "\(waits.errors)")
            let who = "for others to decide: a member of agentctl_approver who has not asked for the turn, or an owner"
            #expect(waits.errors.contains(who) && !waits.errors.contains("approve ID"), "\(waits.errors)")
            let shown = try await agentctl("trace", "z2/1", url: client)
            #expect(shown.output.contains(who) && !shown.output.contains("approvals approve"), "\(shown.output)")
            let decides = try await agentctl("trace", "\(name)/z2/1", url: url)
            #expect(decides.output.contains("approvals approve"), "\(decides.output)")

            func list(_ arguments: String...) async throws -> [String?] {
                let result = try await AgentctlProcess(
                    ["conversations", "list", "--json"] + arguments,
                    environment: ["DATABASE_URL": client]
                ).result()
                #expect(result.status == 0, "\(result.errors)")
                return try result.json.arrayValue?.map { $0["conversation_id"]?.stringValue } ?? []
            }
            #expect(try await list("--prefix", "z") == ["\(name)/z2", "\(name)/z1"])
            #expect(try await list("--prefix", "\(name)/z1") == ["\(name)/z1"])
            #expect(try await list("--prefix", "y") == [])
            #expect(try await list("--after", "z2") == ["\(name)/z1"])
            #expect(try await list("--after", "\(name)/z2") == ["\(name)/z1"])

            // What was asked about is no longer what would run.
            _ = try await psql(url, "UPDATE agentctl.tools SET description = 'other' WHERE name = 'calculator'")
            let id = try await psql(url, "SELECT id FROM agentctl.approvals WHERE conversation_id LIKE '%/z2'")
            #expect(try await agentctl("approvals", "list", url: url).output.uppercased().contains("TOOL_CHANGED"))
            let approved = try await agentctl("approvals", "approve", id, url: url)
            #expect(approved.errors.contains("the tool has changed"), "\(approved.errors)")
            worker.send(SIGTERM)
            _ = try await worker.result()
        }
    }

    @Test func theFirstDayOfMetricsBeginsAtMidnight() async throws {
        try await withDatabase(template: .seeded) { url in
            _ = try await agentctl("send", "-c", "c", "What is 1 + 1?", url: url)
            for since in [[], ["--since", "1h"]] {
                let result = try await AgentctlProcess(
                    ["metrics", "--by", "day", "--json"] + since,
                    environment: ["DATABASE_URL": url, "PGTZ": "UTC"]
                ).result()
                let start = try result.json[0]?["starts_at"]?.stringValue
                #expect(start?.contains("T00:00:00") == true, "\(result.output)")
            }
        }
    }
}
