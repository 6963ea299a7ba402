import Glibc
import JSON
import Reactor
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

@Suite struct SearchTests {
    private func search(_ fixture: WorkspaceFixture, _ arguments: JSONValue, limits: ToolLimits = ToolLimits())
        async throws
        -> ToolOutput
    {
        try await fixture.call("search", arguments, limits: limits)
    }

    private func tree(_ fixture: WorkspaceFixture) throws {
        for directory in ["a", "a/b", ".git", "c"] { fixture.makeDirectory(directory) }
        try fixture.write("TODO one\nnothing\nlast TODO", to: "a/x.swift")
        try fixture.write("todo\r\nTODO two\r\n", to: "a/b/y.c")
        try fixture.write("TODO", to: ".git/config")
        try fixture.write([0x54, 0x4F, 0x44, 0x4F, 0], to: "c/binary")
        try fixture.write("TODO three\n", to: "a.txt")
        fixture.link("c/link", to: "../a")
        fixture.link("c/out", to: "../../secret.txt")
    }

    @Test func findsLinesInOrderOfPath() async throws {
        try await WorkspaceFixture.with { fixture in
            try tree(fixture)
            let output = try await search(fixture, ["pattern": "TODO"])
            #expect(
                output.text == """
                    a.txt:1: TODO three
                    a/b/y.c:2: TODO two
                    a/x.swift:1: TODO one
                    a/x.swift:3: last TODO
                    [files left out: 1 binary]
                    """
            )
            #expect(output.value?["complete"] == true)
            #expect(output.value?["matches"]?.arrayValue?.first == ["path": "a.txt", "line": 1, "text": "TODO three"])
            #expect(!output.truncated)
        }
    }

    @Test(arguments: [
        ("*.swift", ["a/x.swift:1: TODO one", "a/x.swift:3: last TODO"]), ("**/*.c", ["a/b/y.c:2: TODO two"]),
        ("a/**", ["a/b/y.c:2: TODO two", "a/x.swift:1: TODO one", "a/x.swift:3: last TODO"]),
        ("a/*", ["a/x.swift:1: TODO one", "a/x.swift:3: last TODO"]),
        ("**/*.{c,txt}", ["a.txt:1: TODO three", "a/b/y.c:2: TODO two"]),
        ("[!a]*.c", ["a/b/y.c:2: TODO two"]), ("a?x.swift", ["[no line matches in 0 files]"]),
        ("./a.txt", ["[no line matches in 0 files]"]), ("(.*)+", ["[no line matches in 0 files]"]),
    ])
    func filePatterns(pattern: String, lines: [String]) async throws {
        try await WorkspaceFixture.with { fixture in
            try tree(fixture)
            let output = try await search(fixture, ["pattern": "TODO", "file_pattern": .string(pattern)])
            let found = output.text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("[files") }
            #expect(found == lines || (pattern == "./a.txt" && found == ["a.txt:1: TODO three"]))
        }
    }

    @Test func optionsOfTheSearch() async throws {
        try await WorkspaceFixture.with { fixture in
            try tree(fixture)
            #expect(
                try await search(fixture, ["pattern": "^todo$", "ignore_case": true, "path": "a/b"]).text
                    == "a/b/y.c:1: todo"
            )
            #expect(try await search(fixture, ["pattern": "three", "path": "a.txt"]).text == "a.txt:1: TODO three")
            let limited = try await search(fixture, ["pattern": "TODO", "limit": 2, "path": "a"])
            #expect(limited.truncated && limited.text.contains("[cut: there are more than 2 matching lines."))
            try fixture.write("1\n2\n3 x\n4\n5\n6\n7\n8 x\n9 x\n", to: "context")
            #expect(
                try await search(fixture, ["pattern": "x", "path": "context", "context": 1]).text == """
                    context:2- 2
                    context:3: 3 x
                    context:4- 4
                    --
                    context:7- 7
                    context:8: 8 x
                    context:9: 9 x
                    """
            )
        }
    }

    @Test(arguments: ["(", "[a", "a{99999}", "\\C", String(repeating: "a", count: 5_000)])
    func patternsThatAreNone(pattern: String) async throws {
        try await WorkspaceFixture.with { fixture in
            let error = await #expect(throws: ToolError.self) {
                try await search(fixture, ["pattern": .string(pattern)])
            }
            #expect(error?.code == .invalidArguments)
        }
    }

    @Test(arguments: ["[", "{a", "[]", String(repeating: "*?", count: 3_000)])
    func filePatternsThatAreNone(pattern: String) async throws {
        try await WorkspaceFixture.with { fixture in
            let arguments: JSONValue = ["pattern": "x", "file_pattern": .string(pattern)]
            let error = await #expect(throws: ToolError.self) { try await search(fixture, arguments) }
            #expect(error?.code == .invalidArguments)
        }
    }

    /// A pattern that runs away on a line costs that line, not the call.
    @Test func patternsThatRunAway() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(String(repeating: "a", count: 5_000) + "!\naaa\n", to: "f")
            let output = try await search(fixture, ["pattern": "^(a+)+$"])
            #expect(output.text == "f:2: aaa\n[the pattern takes too many steps on 1 lines]")
            #expect(output.value?["complete"] == false)
        }
    }

    @Test func largeFilesAreLeftOutByNameAndTheSearchIsNotComplete() async throws {
        try await WorkspaceFixture.with { fixture in
            for name in ["a", "b", "c", "d"] { try fixture.write(String(repeating: "x", count: 101), to: name) }
            try fixture.write("x", to: "small")
            let output = try await fixture.call("search", ["pattern": "x"], configuration: ["max_file_bytes": 100])
            #expect(output.text == "small:1: x\n[files left out: 4 too large; such as a, b, c]")
            #expect(output.value?["complete"] == false)
        }
    }

    /// What a model's own code can leave behind: a tree 2,000 deep.
    @Test func deepTreesAreCutAndNotFollowed() async throws {
        try await WorkspaceFixture.with { fixture in
            let descriptor = open(fixture.root, O_RDONLY | O_DIRECTORY)
            var directory = descriptor
            var opened = [descriptor]
            for _ in 0..<2_000 {
                mkdirat(directory, "d", 0o755)
                directory = openat(directory, "d", O_RDONLY | O_DIRECTORY)
                opened.append(directory)
                if opened.count > 100 { close(opened.removeFirst()) }
            }
            opened.forEach { close($0) }
            try fixture.write("x", to: "d/d/f")
            let output = try await search(fixture, ["pattern": "x"])
            #expect(output.text == "d/d/f:1: x\n[1 directories are too deep or too large, or cannot be read]")
        }
    }

    @Test func theTimeIsHonoured() async throws {
        try await WorkspaceFixture.with { fixture in
            let line = String(repeating: "a", count: 60_000) + "\n"
            for number in 0..<8 { try fixture.write(String(repeating: line, count: 60), to: "f\(number)") }
            let started = ContinuousClock.now
            let limits = ToolLimits(timeout: .milliseconds(500))
            let output = try await search(fixture, ["pattern": "(a*)*b"], limits: limits)
            #expect(output.text.contains("[cut: the time was over."))
            #expect(ContinuousClock.now - started < .seconds(30))
        }
    }

    /// A pattern whose cost no count of steps shows: each of these lines takes about 300 ms of processor time.
    private func hostile(_ fixture: WorkspaceFixture) throws {
        try fixture.write(String(repeating: String(repeating: "a", count: 49_999) + "\n", count: 80), to: "f")
    }

    private static let hostilePattern: JSONValue = ["pattern": "a{50000}[bc]|x", "path": "f"]

    @Test func theTimeIsLookedAtForEachLine() async throws {
        try await WorkspaceFixture.with { fixture in
            try hostile(fixture)
            let started = ContinuousClock.now
            let limits = ToolLimits(timeout: .seconds(1))
            let output = try await search(fixture, Self.hostilePattern, limits: limits)
            #expect(output.text.contains("[cut: the time was over."))
            // All lines together take twenty seconds of processor time at least.
            #expect(ContinuousClock.now - started < .seconds(15))
        }
    }

    @Test func aSearchThatIsCancelledEnds() async throws {
        try await WorkspaceFixture.with { fixture in
            try hostile(fixture)
            let workspace = fixture.workspace
            let started = ContinuousClock.now
            await withTaskGroup(of: (code: ToolError.Code?, end: ContinuousClock.Instant).self) { group in
                // Where tools run: the pool of the runtime is kept busy by other tests.
                group.addTask(executorPreference: WorkThreads(maximum: 1)) {
                    do throws(ToolError) {
                        let tool = try ToolFactory().tool(
                            for: ToolDefinition(name: "search", versionID: 1, implementation: "search")
                        )
                        let context = ToolContext(services: ToolServices(workspace: workspace))
                        _ = try await tool.call(Self.hostilePattern, in: context)
                        return (nil, .now)
                    } catch {
                        return (error.code, .now)
                    }
                }
                group.cancelAll()
                let outcome = await group.next()
                #expect(outcome?.code == .cancelled)
                #expect(outcome.map { $0.end - started < .seconds(5) } == true)
            }
        }
    }

    @Test func theOutputStaysWithinItsLimit() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(String(repeating: "needle in a long line of text\n", count: 2_000), to: "f")
            let output = try await search(
                fixture,
                ["pattern": "needle", "limit": 1_000],
                limits: ToolLimits(outputBytes: 2_048)
            )
            #expect(output.text.utf8.count <= 2_048)
            #expect(output.text.contains("[cut: the output is full."))
            try fixture.write("\u{1B}[31mneedle" + String(repeating: "€", count: 5_000), to: "g")
            let long = try await search(fixture, ["pattern": "needle", "path": "g"])
            #expect(long.text.hasPrefix("g:1: \\u{1b}[31mneedle€") && long.text.hasSuffix("…"))
            #expect(long.text.utf8.count < 400)
        }
    }

    @Test(arguments: [("", 0), ("\n", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n\n", 3), ("a\n\nb\n", 3)])
    func lines(content: String, count: Int) {
        let lines = FileLines(Array(content.utf8))
        #expect(lines.count == count)
        let joined = (0..<lines.count).map { String(decoding: lines[$0], as: UTF8.self) }.joined(separator: "\n")
        #expect(joined == (content.hasSuffix("\n") ? String(content.dropLast()) : content))
    }
}
