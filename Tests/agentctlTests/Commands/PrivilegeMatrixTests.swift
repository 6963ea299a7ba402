import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

import class Foundation.ProcessInfo

/// Which role each command needs: the table in docs/operations.md, found by running every command as every role.
@Suite struct PrivilegeMatrixTests {
    private static let roles = ["none", "reader", "client", "approver", "worker", "owner"]
    private static let page = "\(URLPath.packageRoot)/docs/operations.md"
    private static let marks = ("<!-- privileges: written by PrivilegeMatrixTests -->\n", "<!-- end of privileges -->")

    /// `UPDATE_PRIVILEGES=1 swift test --filter PrivilegeMatrixTests` writes the table.
    @Test(.timeLimit(.minutes(30))) func theTableSaysWhichRoleEachCommandNeeds() async throws {
        let table = try await withFiles(["agent.yaml": Self.file, "steps.json": Self.steps]) { directory in
            try await withDatabase(template: .seeded) { url in try await walk(url, directory) }
        }
        var text = try String(contentsOfFile: Self.page, encoding: .utf8)
        let begin = try #require(text.range(of: Self.marks.0)), end = try #require(text.range(of: Self.marks.1))
        if ProcessInfo.processInfo.environment["UPDATE_PRIVILEGES"] == "1" {
            text.replaceSubrange(begin.upperBound..<end.lowerBound, with: table)
            try text.write(toFile: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[begin.upperBound..<end.lowerBound]) == table)
        }
    }

    @Test func everyCommandIsWalked() async throws {
        let help = try await agentctl("--experimental-dump-help").json
        let rows = PrivilegeRow.all(file: "", plan: "", export: "").map(\.command) + PrivilegeRow.unwalked.keys
        let commands = Self.leaves(try #require(help["command"]), []).filter { command in
            let words = command.split(separator: " ").map(String.init)
            return !PrivilegeRow.ofEachKind.contains(words.last ?? "")
                || !PrivilegeRow.otherKinds.contains(words.dropLast().joined(separator: " "))
        }
        #expect(commands.sorted() == rows.sorted())
    }

    private static func leaves(_ command: JSONValue, _ path: [String]) -> [String] {
        let below = command["subcommands"]?.arrayValue?.filter { $0["commandName"] != "help" } ?? []
        guard below.isEmpty else {
            return below.flatMap { leaves($0, path + [$0["commandName"]?.stringValue ?? ""]) }
        }
        return [path.joined(separator: " ")]
    }

    private static let file = "{kind: agent, name: assistant, model: offline}\n"
    private static let steps = #"[{"tool": "calculator", "arguments": {"expression": "1"}, "description": "d"}]"#

    // MARK: The walk

    private func walk(_ url: String, _ directory: String) async throws -> String {
        let suffix = UInt32.random(in: 0..<UInt32.max)
        _ = try await psql(url, "SELECT agentctl.register($d$\(PrivilegeRow.documents)$d$)")
        let worker = try AgentctlProcess(["work", "--slots", "8"], environment: ["DATABASE_URL": url])
        var users: [String: String] = [:]
        for role in Self.roles {
            let name = "\(role)_\(suffix)"
            users[role] = name
            let membership = role == "none" ? "" : " IN ROLE agentctl_\(role)"
            _ = try await psql(url, "CREATE ROLE \(name) LOGIN\(membership)")
        }
        _ = try await psql(url, "SELECT agentctl.submit('exported', 'hello')")
        try await untilAnswered("exported", url)
        let export = try await agentctl("conversations", "export", "exported", url: url).output
        try export.write(toFile: "\(directory)/export.json", atomically: false, encoding: .utf8)
        let found = try await withThrowingTaskGroup(of: (String, [String]).self) { group in
            for role in Self.roles {
                let name = users[role] ?? ""
                group.addTask { (role, try await cells(of: role, name, url, directory)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        worker.send(SIGTERM)
        _ = try await worker.result()
        for name in users.values { _ = try await psql(url, "DROP OWNED BY \(name)", "DROP ROLE \(name)") }
        return Self.table(found)
    }

    private static func table(_ found: [String: [String]]) -> String {
        var lines = ["| command | \(roles.joined(separator: " | ")) |", "|---|\(roles.map { _ in "---|" }.joined())"]
        for (index, row) in PrivilegeRow.all(file: "", plan: "", export: "").enumerated() {
            lines.append("| `\(row.command)` | \(roles.map { found[$0]?[index] ?? "" }.joined(separator: " | ")) |")
        }
        return "\n" + lines.joined(separator: "\n") + "\n\n"
    }

    /// What a role may do, a cell for each command: `yes`; `own`, of what it has begun itself; or nothing.
    private func cells(of role: String, _ name: String, _ url: String, _ directory: String) async throws -> [String] {
        let target = url.replacingUser(with: name)
        let others = try await things(of: nil, prefix: "of_\(name)", url)
        let own = role == "client" ? try await things(of: name, prefix: "mine", url) : nil
        var cells: [String] = []
        let rows = PrivilegeRow.all(
            file: "\(directory)/agent.yaml",
            plan: "\(directory)/steps.json",
            export: "\(directory)/export.json"
        )
        for row in rows {
            guard let about = row.target else {
                cells.append(try await isAllowed(row, "", target) ? "yes" : "")
                continue
            }
            if try await isAllowed(row, others[about] ?? "", target) {
                cells.append("yes")
            } else if let mine = own?[about], try await isAllowed(row, mine, target) {
                cells.append("own")
            } else {
                cells.append("")
            }
        }
        return cells
    }

    /// A conversation, a task, a plan and an approval of a user; of the installing one if nil.
    private func things(of user: String?, prefix: String, _ url: String) async throws -> [PrivilegeRow.Target: String] {
        let role = user.map { "SET ROLE \($0); " } ?? ""
        func text(_ sql: String) async throws -> String {
            try await psql(url, role + sql).split(separator: "\n").last.map(String.init) ?? ""
        }
        _ = try await text("SELECT agentctl.submit('\(prefix)', 'What is 1 + 1?')")
        let conversation = try await text("SELECT agentctl.conversation_id('\(prefix)')")
        let task = try await text("SELECT agentctl.submit_task('hello', agent => 'assistant')")
        let plan = try await text("SELECT agentctl.store_plan('Calculate', '\(Self.steps)')")
        // Of a turn that never comes: it is decided about, and nothing follows.
        let approval =
            try await psql(
                url,
                """
                INSERT INTO agentctl.approval (conversation_id, seq, call_number, tool, arguments, expires_at)
                VALUES ('\(conversation)', 99, 1, 'refund', '{}', now() + interval '1 day') RETURNING id
                """
            ).split(separator: "\n").first.map(String.init) ?? ""
        _ = try await text("SELECT agentctl.submit('\(prefix)_run', 'hello', 'pair')")
        let run = try await text("SELECT agentctl.conversation_id('\(prefix)_run')")
        for answered in [conversation, run] { try await untilAnswered(answered, url) }
        return [.conversation: conversation, .task: task, .plan: plan, .approval: approval, .run: run]
    }

    private func untilAnswered(_ conversation: String, _ url: String) async throws {
        let asked = "SELECT head_seq FROM agentctl.conversation_control WHERE conversation_id = '\(conversation)'"
        try await eventually("the turn has ended") { try await psql(url, asked).hasPrefix("1") }
    }

    /// Runs a command; false when the role lacks a right, or is told that there is no such thing.
    private func isAllowed(_ row: PrivilegeRow, _ thing: String, _ url: String) async throws -> Bool {
        let words = row.command.split(separator: " ").map(String.init)
        let arguments = row.arguments.map { $0.replacing("{}", with: thing) }
        let process = try AgentctlProcess(
            words + ["--json"] + arguments,
            environment: ["DATABASE_URL": url, "BELL_SECRET": "whsec_c2VjcmV0c2VjcmV0c2VjcmV0"],
            input: row.command == "chat" ? "hello\n" : ""
        )
        if row.command == "work" {
            try await eventually("the worker works, or is refused") {
                process.errorsSoFar.contains("working") || process.errorsSoFar.contains("error")
            }
            process.send(SIGTERM)
        }
        let result = try await process.result()
        let said = result.errors + result.output
        let isRefused = said.contains("not_permitted") || said.contains("permission denied")
        return !isRefused && !(row.isThere && result.status == 4)
    }
}
