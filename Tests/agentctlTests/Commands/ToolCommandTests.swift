import Glibc
import JSON
import TestSupport
import Testing

struct ToolCommandTests {
    @Test func aToolIsCalledByHandWithArgumentsOrStdin() async throws {
        try await withDatabase(template: .seeded) { url in
            let sum = try await agentctl("tools", "call", "calculator", #"{"expression": "15% of 2847"}"#, url: url)
            #expect(sum.status == 0 && sum.output == "427.05\n" && sum.errors.isEmpty, "\(sum.errors)")
            let input = #"{"expression": "1 + 1"}"#
            let json = try await agentctl("tools", "call", "calculator", "-", "--json", url: url, input: input)
            let value = try json.json
            #expect(value["text"] == "2" && value["error"] == .null && value["effect"] == "pure")
            #expect((value["duration_ms"]?.numberValue ?? -1) >= 0)
            #expect(value["function_calls"] == [] && value["security_events"] == [])
        }
    }

    @Test func filesAreWorkedOnInTheWorkspaceThatWasNamedAndInNoneWithout() async throws {
        try await withFiles(["notes.txt": "one\ntwo\n"]) { directory in
            try await withDatabase(template: .seeded) { url in
                func call(_ tool: String, _ arguments: String) async throws -> AgentctlProcess.Result {
                    try await agentctl("tools", "call", tool, arguments, "--workspace", directory, url: url)
                }
                let edit = try await call("file_edit", #"{"path": "notes.txt", "old_text": "two", "new_text": "2"}"#)
                #expect(edit.status == 0, "\(edit.errors)")
                #expect(try await call("file_read", #"{"path": "notes.txt"}"#).output == "one\n2\n")
                let report = try await call("search_report", #"{"pattern": "^2$", "path": "out/found.json"}"#)
                #expect(report.status == 0, "\(report.errors)")
                let found = try await call("file_read", #"{"path": "out/found.json"}"#)
                #expect(found.output == #"[{"path":"notes.txt","line":2,"text":"2"}]"# + "\n")
                let none = try await agentctl("tools", "call", "file_read", #"{"path": "notes.txt"}"#, url: url)
                #expect(none.status == 3 && none.output.isEmpty)
            }
        }
    }

    @Test func whatWasRefusedIsStoredAndShown() async throws {
        try await withFiles([:]) { directory in
            try await withDatabase(template: .seeded) { url in
                let path = #"{"path": "../../etc/passwd"}"#
                let result = try await agentctl(
                    "tools",
                    "call",
                    "file_read",
                    path,
                    "--workspace",
                    directory,
                    "--json",
                    url: url
                )
                #expect(result.status == 3)
                #expect(try result.json["error"]?["code"] == "denied")
                #expect(try result.json["security_events"]?[0]?["detail"] == "../../etc/passwd")
                let host = #"{"url": "http://169.254.169.254/"}"#
                #expect(try await agentctl("tools", "call", "http_request", host, url: url).status == 3)
                let kinds = try await psql(url, "SELECT kind, tool FROM agentctl.security_events ORDER BY at")
                #expect(kinds == "denied_path|file_read\ndenied_host|http_request")
            }
        }
    }

    @Test(
        arguments: [
            (["calculator", "{"], 2, "not valid JSON"), (["calculator", #"{"expr": 1}"#], 2, "do not fit"),
            (["calculater", "{}"], 4, "Did you mean calculator?"), (["zzzzzzzz", "{}"], 4, "agentctl tools list"),
            (["calculator", #"{"expression": "1/0"}"#], 2, "division by zero"),
            (["http_request", #"{"url": "https://no-such-host.invalid/"}"#], 3, "not among the hosts"),
            (["file_read", #"{"path": "nope"}"#, "--workspace", "/usr"], 4, "does not exist"),
            (["file_read", #"{"path": "x"}"#, "--workspace", "/nonexistent"], 3, "cannot be opened"),
        ] as [([String], Int32, String)]
    )
    func exitCodesSayWhatWasWrong(arguments: [String], status: Int32, message: String) async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await AgentctlProcess(["tools", "call"] + arguments, environment: ["DATABASE_URL": url])
                .result()
            #expect(result.status == status && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    /// Only root runs code as somebody else.
    @Test func aWorkspaceThatCodeMayNotWriteIsRefusedADirectoryOutsideOfItIsAWrongArgument() async throws {
        try await withFiles([:]) { directory in
            try await withDatabase(template: .seeded) { url in
                func shell(_ arguments: String) async throws -> AgentctlProcess.Result {
                    try await agentctl("tools", "call", "shell", arguments, "--workspace", directory, url: url)
                }
                if geteuid() == 0 {
                    let refused = try await shell(#"{"command": "true"}"#)
                    #expect(refused.status == 3 && refused.output.isEmpty, "\(refused)")
                    #expect(refused.errors.contains("chown 65534 \(directory)"), "\(refused.errors)")
                    chown(directory, 65_534, 65_534)
                }
                #expect(try await shell(#"{"command": "true"}"#).status == 0)
                let wrong = try await shell(#"{"command": "true", "directory": "../.."}"#)
                #expect(
                    wrong.status == 2 && wrong.errors.contains("no directory relative to the workspace"),
                    "\(wrong)"
                )
            }
        }
    }

    @Test func toolsAreExportedAsOtherProgramsExpectThem() async throws {
        try await withDatabase(template: .seeded) { url in
            let openai = try await agentctl("tools", "export", "--format", "openai", "search", "calculator", url: url)
                .json
            #expect(openai.arrayValue?.map { $0["function"]?["name"] } == ["search", "calculator"])
            #expect(openai[1]?["type"] == "function" && openai[1]?["function"]?["parameters"]?["type"] == "object")
            let anthropic = try await agentctl("tools", "export", "--format", "anthropic", "calculator", url: url).json
            #expect(anthropic[0]?.objectValue?.keys == ["name", "description", "input_schema"])
            let mcp = try await agentctl("tools", "export", "--format", "mcp", url: url).json
            let writer = mcp["tools"]?.arrayValue?.first { $0["name"] == "file_write" }
            #expect(
                writer?["annotations"] == ["readOnlyHint": false, "destructiveHint": true, "idempotentHint": false]
            )
            #expect(writer?["inputSchema"]?["required"] == ["path", "content"])
            #expect(try await agentctl("tools", "export", "--format", "mcp", "nope", url: url).status == 4)
            #expect(try await agentctl("tools", "export", "--format", "soap", url: url).status == 2)
        }
    }

    @Test func aToolThatCannotBeUsedIsLeftOutOfWhatIsExportedAndTold() async throws {
        try await withDatabase(template: .seeded) { url in
            let all = try await agentctl("tools", "export", "--format", "mcp", url: url).json["tools"]?.arrayValue ?? []
            // The database does not look into an implementation's settings.
            try await psql(url, "UPDATE agentctl.tools SET configuration = '{\"x\": 1}' WHERE name = 'calculator'")
            let result = try await agentctl("tools", "export", "--format", "mcp", url: url)
            #expect(result.status == 3)
            let names = try result.json["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
            #expect(names == all.compactMap { $0["name"]?.stringValue }.filter { $0 != "calculator" })
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 2, "\(lines)")
            #expect(lines.first?.hasPrefix(#"warning: the tool "calculator" cannot be used"#) == true)
            #expect(lines.last == "error: left out, as not usable: calculator")
        }
    }

    @Test func theListTellsTheEffectThatHolds() async throws {
        try await withDatabase(template: .seeded) { url in
            let rows = try await agentctl("tools", "list", "--json", url: url).json
            let effects = Dictionary(
                (rows.arrayValue ?? []).map { ($0["name"]?.stringValue ?? "", $0["effect"]?.stringValue ?? "") },
                uniquingKeysWith: { first, _ in first }
            )
            #expect(
                effects["calculator"] == "pure" && effects["file_write"] == "unsafe"
                    && effects["search_report"] == "unsafe"
            )
            #expect(effects["http_request"] == "idempotent" && effects["github_repository"] == "idempotent")
        }
    }

    @Test func theAgentOfTheSeedsWorksWithoutAKey() async throws {
        try await withFiles([:]) { directory in
            try await withDatabase(template: .seeded) { url in
                func send(_ message: String) async throws -> String {
                    let result = try await agentctl(
                        "send",
                        "-c",
                        "w",
                        "--agent",
                        "workspace",
                        "--workspace",
                        directory,
                        message,
                        url: url
                    )
                    #expect(result.status == 0, "\(result.errors)")
                    return result.output
                }
                #expect(try await send("write a/notes.txt: remember the milk") == "Made a/notes.txt with 17 bytes.\n")
                #expect(try await send("append to a/notes.txt:  and TODO bread").contains("Added"))
                #expect(
                    try await send(#"in a/notes.txt, replace "milk" with "oat milk""#).contains(
                        "Replaced the text in line 1"
                    )
                )
                #expect(
                    try await send("search TODO in *.txt") == "a/notes.txt:1: remember the oat milk and TODO bread\n"
                )
                #expect(try await send("report TODO to todo.json").contains("Made todo.json"))
                #expect(try await send("list .").contains("todo.json"))
                #expect(try await send("get http://127.0.0.1/").contains("not among the hosts"))
                let events = try await psql(url, "SELECT kind, conversation_id, seq FROM agentctl.security_events")
                #expect(events == "denied_host|w|7")
            }
        }
    }

    @Test func codeSeesAWorkspaceThatIsNamedFromWhereTheCommandRuns() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["a.txt": "one"]) { directory in
                // Code runs as another user, if the tests run as root.
                #expect(chmod(directory, 0o755) == 0)
                let result = try await agentctl(
                    "tools",
                    "call",
                    "run_python",
                    #"{"code": "open('a.txt').read()"}"#,
                    "--workspace",
                    ".",
                    url: url,
                    in: directory
                )
                #expect(result.status == 0 && result.output.contains("one"), "\(result.errors)")
            }
        }
    }

    @Test func theExitCodeFollowsWhatWasRunAScriptGoesOnOnlyWhenItSucceeded() async throws {
        try await withCodeWorkspace { directory, url in
            func status(_ tool: String, _ arguments: String, printing text: String) async throws -> Int32 {
                let result = try await agentctl("tools", "call", tool, arguments, "--workspace", directory, url: url)
                #expect(result.output.contains(text) && result.errors.isEmpty, "\(tool) \(arguments): \(result)")
                return result.status
            }
            #expect(try await status("shell", #"{"command": "echo a; exit 7"}"#, printing: "a\n[exit code 7]") == 1)
            #expect(try await status("shell", #"{"command": "sleep 60", "timeout": 1}"#, printing: "Killed: ") == 1)
            #expect(try await status("shell", #"{"command": "echo a"}"#, printing: "a") == 0)
            #expect(try await status("run_tests", #"{"command": "exit 1"}"#, printing: "[exit code 1]") == 1)
            let hidden = #"{"command": "echo not ok 1 - sum; echo 1..1"}"#
            #expect(try await status("run_tests", hidden, printing: "1 failed") == 1)
            #expect(try await status("run_python", #"{"code": "1/0"}"#, printing: "ZeroDivisionError") == 1)
            let endless = #"{"code": "while True: pass", "timeout": 1}"#
            #expect(try await status("run_python", endless, printing: "Killed: ") == 1)
            #expect(try await status("run_python", #"{"code": "1"}"#, printing: "1") == 0)

            let failing = #"{"command": "exit 7"}"#
            let json = try await agentctl(
                "tools",
                "call",
                "shell",
                failing,
                "--workspace",
                directory,
                "--json",
                url: url
            )
            #expect(json.status == 1)
            let value = try json.json
            #expect(value["failed"] == true && value["error"]?["code"] == "failed" && value["value"]?["exit_code"] == 7)
        }
    }

    @Test(arguments: [2, 15] as [Int32])
    func ctrlCStopsTheCallAndTheCallIsARowAllTheSame(signal: Int32) async throws {
        try await withCodeWorkspace { directory, url in
            func stopped(_ arguments: [String]) async throws -> AgentctlProcess.Result {
                let call = try AgentctlProcess(
                    ["tools", "call", "shell", #"{"command": "touch begun; sleep 600"}"#, "--workspace", directory]
                        + arguments,
                    environment: ["DATABASE_URL": url]
                )
                try await eventually("the command") { access("\(directory)/begun", F_OK) == 0 }
                call.send(signal)
                let result = try await call.result()
                unlink("\(directory)/begun")
                return result
            }
            let plain = try await stopped([])
            #expect(plain.status == 130 && plain.output.isEmpty, "\(plain)")
            #expect(plain.errors.hasPrefix("interrupted"), "\(plain.errors)")
            let json = try await stopped(["--json"])
            #expect(json.status == 130, "\(json)")
            #expect(try json.json["error"]?["code"] == "cancelled")
            let rows = try await psql(url, "SELECT function, exit_reason FROM agentctl.function_call")
            #expect(rows == "shell|killed\nshell|killed")
        }
    }

    @Test func aFileGetsWhatAToolReturnsAsItIs() async throws {
        try await withFiles(["crlf.txt": "a\r\nb\u{1B}[31m\u{202E}c\n"]) { directory in
            try await withDatabase(template: .seeded) { url in
                let path = #"{"path": "crlf.txt"}"#
                let copy = try await agentctl("tools", "call", "file_read", path, "--workspace", directory, url: url)
                #expect(
                    copy.output.unicodeScalars.elementsEqual("a\r\nb\u{1B}[31m\u{202E}c\n".unicodeScalars),
                    "\(copy)"
                )
            }
        }
    }

    @Test(arguments: ["file_read", "shell"])
    func aPersonWithoutAWorkspaceIsToldHowToNameOne(tool: String) async throws {
        try await withDatabase(template: .seeded) { url in
            let arguments = tool == "shell" ? #"{"command": "true"}"# : #"{"path": "x"}"#
            let result = try await agentctl("tools", "call", tool, arguments, url: url)
            #expect(result.status == 3)
            #expect(result.errors.contains("There is no workspace") && !result.errors.contains("agent"), "\(result)")
            #expect(result.errors.contains("--workspace DIRECTORY"), "\(result.errors)")
        }
    }

    /// Code runs as nobody, if the tests run as root.
    private func withCodeWorkspace(_ body: (_ directory: String, _ url: String) async throws -> Void) async throws {
        try await withFiles([:]) { directory in
            if geteuid() == 0 { #expect(chown(directory, 65_534, 65_534) == 0) }
            try await withDatabase(template: .seeded) { url in try await body(directory, url) }
        }
    }
}
