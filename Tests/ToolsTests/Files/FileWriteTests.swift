import Glibc
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

extension WorkspaceFixture {
    /// What a file holds.
    func content(of path: String) throws -> String {
        let file = try #require(fopen("\(root)/\(path)", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = fgetc(file)
            if byte == EOF { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(UInt8(byte))
        }
    }

    /// What the kernel knows of a name; nil if it is not there.
    func status(of path: String) -> stat? {
        var status = stat()
        return lstat("\(root)/\(path)", &status) == 0 ? status : nil
    }

    /// The names in a directory, in order.
    func names(in path: String = ".") throws -> [String] {
        let stream = try #require(opendir("\(root)/\(path)"))
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Calls a tool and returns what was refused on the way.
    func refusals(of implementation: String, _ arguments: JSONValue) async throws -> (ToolError?, [SecurityEventRecord])
    {
        let recorder = CallRecorder()
        var context = ToolContext(services: ToolServices(workspace: workspace), recorder: recorder)
        context.callID = "call-1"
        let tool = try ToolFactory().tool(
            for: ToolDefinition(name: implementation, versionID: 1, implementation: implementation)
        )
        do throws(ToolError) {
            _ = try await tool.call(arguments, in: context)
            return (nil, recorder.drain().events)
        } catch {
            return (error, recorder.drain().events)
        }
    }

    @discardableResult
    func write(_ content: String, with path: String, mode: String = "write", _ configuration: JSONValue = [:])
        async throws
        -> ToolOutput
    {
        try await call(
            "file_write",
            ["path": .string(path), "content": .string(content), "mode": .string(mode)],
            configuration: configuration
        )
    }
}

@Suite struct FileWriteTests {
    @Test func makesReplacesAndAppends() async throws {
        try await WorkspaceFixture.with { fixture in
            let made = try await fixture.write("one\n", with: "a/b/c.txt")
            #expect(
                made
                    == ToolOutput(
                        "Made a/b/c.txt with 4 bytes.",
                        value: ["path": "a/b/c.txt", "bytes": 4, "action": "created"]
                    )
            )
            #expect(try fixture.content(of: "a/b/c.txt") == "one\n")
            #expect(try await fixture.write("two\n", with: "a/b/c.txt").text == "Replaced a/b/c.txt with 4 bytes.")
            #expect(
                try await fixture.write("three\n", with: "./a//b/c.txt", mode: "append").text
                    == "Added 6 bytes to ./a//b/c.txt, which has 10 now."
            )
            #expect(try fixture.content(of: "a/b/c.txt") == "two\nthree\n")
            #expect(try await fixture.write("", with: "empty", mode: "append").text == "Made empty with 0 bytes.")
            #expect(try fixture.names(in: "a/b") == ["c.txt"])
        }
    }

    @Test(arguments: [0o600, 0o644, 0o755, 0o666])
    func keepsTheModeAndNoSpecialBits(mode: UInt32) async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("old", to: "f")
            chmod("\(fixture.root)/f", mode | 0o4000)
            try await fixture.write("new", with: "f")
            #expect(fixture.status(of: "f").map { $0.st_mode & 0o7777 } == mode)
            #expect(try fixture.content(of: "f") == "new")
        }
    }

    /// A write as root keeps the bits, and whoever can reach the file runs what it holds as its owner.
    @Test(arguments: [0o4755, 0o2755, 0o6777])
    func addsNothingToAFileThatRunsAsItsOwner(mode: UInt32) async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("old", to: "f")
            chmod("\(fixture.root)/f", mode)
            let (error, _) = try await fixture.refusals(
                of: "file_write",
                ["path": "f", "content": "new", "mode": "append"]
            )
            #expect(error?.code == .denied)
            #expect(try fixture.content(of: "f") == "old")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "giving files away takes root"))
    func newFilesBelongToTheOwnerOfTheWorkspace() async throws {
        try await WorkspaceFixture.with { fixture in
            chown(fixture.root, 1234, 1235)
            try await fixture.write("x", with: "d/e/f")
            for path in ["d", "d/e", "d/e/f"] {
                #expect(fixture.status(of: path)?.st_uid == 1234, "\(path)")
                #expect(fixture.status(of: path)?.st_gid == 1235, "\(path)")
            }
            chown("\(fixture.root)/d/e/f", 1, 2)
            try await fixture.write("y", with: "d/e/f")
            #expect(fixture.status(of: "d/e/f")?.st_uid == 1)
        }
    }

    @Test func nothingIsWrittenOutside() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("a")
            fixture.link("file-link", to: "../secret.txt")
            fixture.link("new-link", to: "../new.txt")
            fixture.link("up", to: "..")
            fixture.link("inner", to: "a")
            fixture.link("root", to: "/proc/self/root")
            let paths = [
                "../secret.txt", "../new.txt", "a/../../new.txt", "a/../../secret.txt", "/etc/new",
                fixture.outside + "/new.txt",
                "file-link", "new-link", "up/secret.txt", "up/new.txt", "inner/f", "up/new/deep/f", "inner/d/f", "..",
                "a/..",
                "root/tmp/f",
            ]
            for path in paths {
                for mode in ["write", "append"] {
                    let (error, events) = try await fixture.refusals(
                        of: "file_write",
                        ["path": .string(path), "content": "leak", "mode": .string(mode)]
                    )
                    #expect(error?.code == .denied, "\(path)")
                    let expected = SecurityEventRecord(.deniedPath, tool: "file_write", detail: path, callID: "call-1")
                    #expect(events == [expected], "\(path)")
                }
            }
            #expect(try fixture.content(of: "../secret.txt") == "secret")
            #expect(try fixture.names(in: "..") == ["secret.txt", "workspace"])
            #expect(try fixture.names(in: "a") == [])
        }
    }

    @Test(arguments: ["file_read", "list_directory", "search", "file_edit"])
    func otherToolsRecordRefusalsToo(implementation: String) async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.link("link", to: "../secret.txt")
            for path in ["../secret.txt", "link", "/etc/passwd"] {
                let arguments: JSONValue = ["path": .string(path), "pattern": "s", "old_text": "s", "new_text": "t"]
                let (error, events) = try await fixture.refusals(of: implementation, arguments)
                #expect(error?.code == .denied, "\(path)")
                #expect(events.map(\.detail) == [path], "\(path)")
            }
        }
    }

    @Test func whatIsNoFileIsRefused() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("directory")
            mkfifo("\(fixture.root)/fifo", 0o644)
            mknod("\(fixture.root)/socket", S_IFSOCK | 0o644, 0)
            try fixture.write("x", to: "read-only")
            chmod("\(fixture.root)/read-only", 0o444)
            try fixture.write("x", to: "file")
            for mode in ["write", "append"] {
                for path in ["directory", "fifo", "socket", "read-only", "directory/", "."] {
                    let error = await #expect(throws: ToolError.self, "\(path)") {
                        try await fixture.write("y", with: path, mode: mode)
                    }
                    #expect(error?.code == .denied, "\(path)")
                }
                for (path, code) in [
                    ("file/x", ToolError.Code.notFound), ("", .invalidArguments), ("a\0b", .invalidArguments),
                ] {
                    let error = await #expect(throws: ToolError.self) {
                        try await fixture.write("y", with: path, mode: mode)
                    }
                    #expect(error?.code == code, "\(path)")
                }
            }
            let deep = String(repeating: "d/", count: 65) + "f"
            let error = await #expect(throws: ToolError.self) { try await fixture.write("y", with: deep) }
            #expect(error?.code == .invalidArguments)
            #expect(fixture.status(of: "d") == nil)
        }
    }

    /// In Swift a slash and a mark that combines with it are one character; to the kernel the slash is a slash.
    @Test func noCharacterHidesASlash() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory(".git")
            fixture.makeDirectory(".git/\u{301}d")
            fixture.makeDirectory("a")
            try fixture.write("[core]", to: ".git/config")
            for path in [
                ".git/\u{301}d/f", ".git/\u{301}d/../config", "\u{600}/../.git/config", "a/\u{301}d/../../.git/config",
                "a/../b", "/\u{301}d",
            ] {
                let arguments: JSONValue = [
                    "path": .string(path), "content": "x", "old_text": "[core]", "new_text": "x",
                ]
                for tool in ["file_write", "file_edit"] {
                    let (error, events) = try await fixture.refusals(of: tool, arguments)
                    #expect(error?.code == .denied, "\(path)")
                    #expect(events.map(\.detail) == [path], "\(path)")
                }
            }
            #expect(try fixture.content(of: ".git/config") == "[core]")
            #expect(try fixture.names(in: ".git") == ["config", "\u{301}d"])
            #expect(try fixture.names() == [".git", "a"])
        }
    }

    /// What stands there is run by whoever uses the repository next, outside of any sandbox.
    @Test func versionControlIsNotWrittenTo() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory(".git")
            try fixture.write("[core]", to: ".git/config")
            for path in [
                ".git/config", ".git/hooks/pre-commit", "./.GIT/config", "sub/.git/config", ".git", "a/../.git/config",
            ] {
                let arguments: JSONValue = [
                    "path": .string(path), "content": "x", "old_text": "[core]", "new_text": "x",
                ]
                for tool in ["file_write", "file_edit"] {
                    let (error, events) = try await fixture.refusals(of: tool, arguments)
                    #expect(error?.code == .denied, "\(path)")
                    #expect(events.map(\.detail) == [path], "\(path)")
                }
            }
            #expect(try fixture.names() == [".git"])
            #expect(try fixture.content(of: ".git/config") == "[core]")
            try await fixture.write("*.o\n", with: ".gitignore")
            try await fixture.write("x", with: ".git/info", ["protected": []])
            let error = await #expect(throws: ToolError.self) {
                try await fixture.write("x", with: "k/id", ["protected": ["k"]])
            }
            #expect(error?.code == .denied)
        }
    }

    @Test func hardLinksAreReplacedAndNotAddedTo() async throws {
        try await WorkspaceFixture.with { fixture in
            Glibc.link("\(fixture.outside)/secret.txt", "\(fixture.root)/hard")
            await #expect(throws: ToolError.self) { try await fixture.write("leak", with: "hard", mode: "append") }
            try await fixture.write("new", with: "hard")
            #expect(try fixture.content(of: "hard") == "new")
            #expect(try fixture.content(of: "../secret.txt") == "secret")
        }
    }

    @Test func sizesAreLimited() async throws {
        try await WorkspaceFixture.with { fixture in
            let limit: JSONValue = ["max_file_bytes": 10]
            try await fixture.write("1234567890", with: "f", limit)
            await #expect(throws: ToolError(.denied, "\"f\" would have 11 bytes, where at most 10 are allowed.")) {
                try await fixture.write("x", with: "f", mode: "append", limit)
            }
            await #expect(throws: ToolError.self) { try await fixture.write("12345678901", with: "f", limit) }
            #expect(try fixture.content(of: "f") == "1234567890")
        }
    }

    @Test func theEffectDependsOnWhatTheRowAllows() throws {
        func effect(_ configuration: JSONValue, stated: ToolEffect? = nil) throws -> ToolEffect {
            try ToolFactory().tool(
                for: ToolDefinition(
                    name: "w",
                    versionID: 1,
                    implementation: "file_write",
                    configuration: configuration,
                    effect: stated
                )
            ).effect
        }
        #expect(try effect([:]) == .unsafe)
        #expect(try effect(["append": false]) == .idempotent)
        #expect(try effect([:], stated: .idempotent) == .idempotent)
        #expect(try effect(["append": false], stated: .unsafe) == .unsafe)
    }

    @Test func aRowMayForbidAppending() async throws {
        try await WorkspaceFixture.with { fixture in
            let error = await #expect(throws: ToolError.self) {
                try await fixture.write("x", with: "f", mode: "append", ["append": false])
            }
            #expect(error?.code == .denied)
            #expect(fixture.status(of: "f") == nil)
        }
    }

    /// A directory is exchanged for a link to the outside, over and over, while files in it are written and edited.
    @Test func nothingIsWrittenOutsideDuringARace() async throws {
        try await WorkspaceFixture.with { fixture in
            mkdir(fixture.outside + "/elsewhere", 0o755)
            try fixture.write("secret", to: "../elsewhere/file.txt")
            fixture.makeDirectory("real")
            fixture.link("link", to: "../elsewhere")
            let root = fixture.root
            let isOver = Atomic(false)
            let swaps = Atomic(0)
            let thread = try Thread {
                while !isOver.load(ordering: .relaxed) {
                    rename(root + "/real", root + "/aside")
                    rename(root + "/link", root + "/real")
                    rename(root + "/real", root + "/link")
                    rename(root + "/aside", root + "/real")
                    swaps.add(1, ordering: .relaxed)
                }
            }
            var outcomes: [String: Int] = [:]
            for number in 0..<1_500 {
                let mode = number % 3 == 0 ? "append" : "write"
                let path = ["real/file.txt", "link/file.txt", "real/new/\(number % 7)/f", "link/new/\(number % 5)"][
                    number % 4
                ]
                do throws(any Error) {
                    if number % 10 == 9 {
                        let edit: JSONValue = ["path": .string(path), "old_text": "inside", "new_text": "INSIDE"]
                        _ = try await fixture.call("file_edit", edit)
                    } else {
                        try await fixture.write("inside", with: path, mode: mode)
                    }
                    outcomes["ok", default: 0] += 1
                } catch {
                    outcomes[(error as? ToolError)?.code.description ?? "?", default: 0] += 1
                }
            }
            isOver.store(true, ordering: .relaxed)
            thread.join()
            #expect(try fixture.names(in: "../elsewhere") == ["file.txt"])
            #expect(try fixture.content(of: "../elsewhere/file.txt") == "secret")
            #expect(try fixture.names(in: "..") == ["elsewhere", "secret.txt", "workspace"])
            #expect(Set(outcomes.keys).isSubset(of: ["ok", "denied", "not_found", "failed"]))
            #expect((outcomes["ok"] ?? 0) > 0)
            #expect(swaps.load(ordering: .relaxed) > 0)
        }
    }

    /// The name of the file itself becomes a link to the outside while it is written.
    @Test func aNameThatBecomesALinkIsNotFollowed() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("inside", to: "file")
            let root = fixture.root
            let isOver = Atomic(false)
            let thread = try Thread {
                while !isOver.load(ordering: .relaxed) {
                    unlink(root + "/file")
                    symlink("../secret.txt", root + "/file")
                    rename(root + "/spare", root + "/file")
                }
            }
            for number in 0..<1_000 {
                let mode = number % 2 == 0 ? "append" : "write"
                do { try await fixture.write("leak", with: "file", mode: mode) } catch {}
            }
            isOver.store(true, ordering: .relaxed)
            thread.join()
            #expect(try fixture.content(of: "../secret.txt") == "secret")
            #expect(try fixture.names().filter { $0.hasSuffix(".tmp") } == [])
        }
    }
}

/// A thread of the operating system that a test ends itself.
private struct Thread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private let handle: pthread_t

    init(_ body: @escaping () -> Void) throws {
        var handle = pthread_t()
        let argument = Unmanaged.passRetained(Body(body)).toOpaque()
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            argument
        )
        try #require(status == 0)
        self.handle = handle
    }

    func join() {
        pthread_join(handle, nil)
    }
}
