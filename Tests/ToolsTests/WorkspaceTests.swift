import Glibc
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

/// A workspace in a directory of its own, with things outside that must stay out of reach.
struct WorkspaceFixture {
    let outside: String
    let root: String
    let workspace: Workspace

    /// Runs `body` with `root` as the workspace, and a file `secret.txt` beside it.
    static func with<Result>(_ body: (WorkspaceFixture) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { path in
            let root = path + "/workspace"
            mkdir(root, 0o755)
            let fixture = WorkspaceFixture(outside: path, root: root, workspace: try Workspace(directory: root))
            try fixture.write("secret", to: "../secret.txt")
            return try await body(fixture)
        }
    }

    func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen("\(root)/\(path)", "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func link(_ path: String, to target: String) {
        symlink(target, "\(root)/\(path)")
    }

    func makeDirectory(_ path: String) {
        mkdir("\(root)/\(path)", 0o755)
    }

    /// Calls a tool as the router does with arguments that fit.
    func call(
        _ implementation: String,
        _ arguments: JSONValue,
        configuration: JSONValue = [:],
        limits: ToolLimits = ToolLimits()
    ) async throws -> ToolOutput {
        let definition = ToolDefinition(
            name: implementation,
            versionID: 1,
            implementation: implementation,
            configuration: configuration,
            limits: limits
        )
        let context = ToolContext(conversationID: "c", turnSequence: 1, services: ToolServices(workspace: workspace))
        return try await ToolFactory().tool(for: definition).call(arguments, in: context)
    }

    func read(_ path: String) async throws -> String {
        try await call("file_read", ["path": .string(path)]).text
    }
}

@Suite struct WorkspaceTests {
    @Test func readsWhatIsInside() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("a")
            try fixture.write("inside", to: "a/b.txt")
            for path in ["a/b.txt", "./a/b.txt", "a/../a/b.txt", "a//b.txt", "a/./b.txt"] {
                #expect(try await fixture.read(path) == "inside", "\(path)")
            }
        }
    }

    @Test func nothingLeadsOut() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("a")
            fixture.link("out", to: "../secret.txt")
            fixture.link("absolute", to: fixture.outside + "/secret.txt")
            fixture.link("up", to: "..")
            fixture.link("inner", to: "a")
            fixture.link("self", to: "/proc/self/root")
            try fixture.write("inside", to: "a/b.txt")

            let denied = [
                "../secret.txt", "a/../../secret.txt", "./../secret.txt", "a/../..//secret.txt", "..", "a/../..",
                fixture.outside + "/secret.txt", fixture.root + "/a/b.txt", "/etc/passwd", "//etc/passwd",
                "/proc/self/environ",
                "out", "absolute", "up/secret.txt", "inner/b.txt", "self/etc/passwd", "self",
            ]
            for path in denied {
                let error = await #expect(throws: ToolError.self, "\(path)") { try await fixture.read(path) }
                #expect(error?.code == .denied, "\(path)")
                let listing: JSONValue = ["path": .string(path)]
                await #expect(throws: ToolError.self, "\(path)") { try await fixture.call("list_directory", listing) }
            }
        }
    }

    @Test(arguments: [
        ("", ToolError.Code.invalidArguments), ("a\u{0}b", .invalidArguments), ("missing.txt", .notFound),
        ("file.txt/x", .notFound), (String(repeating: "x", count: 300), .invalidArguments), ("fifo", .denied),
        ("directory", .denied), ("socket", .denied), (String(repeating: "d/", count: 2_500), .invalidArguments),
    ])
    func whatCannotBeRead(path: String, code: ToolError.Code) async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("text", to: "file.txt")
            fixture.makeDirectory("directory")
            mkfifo("\(fixture.root)/fifo", 0o644)
            mknod("\(fixture.root)/socket", S_IFSOCK | 0o644, 0)
            let error = await #expect(throws: ToolError.self) { try await fixture.read(path) }
            #expect(error?.code == code)
        }
    }

    @Test func otherFileSystemsAreOutOfReach() async throws {
        // /proc and /dev are mounted below the root directory.
        let workspace = try Workspace(directory: "/")
        for path in ["proc/self/environ", "proc/version", "dev/null"] {
            let error = #expect(throws: ToolError.self) { try workspace.openFile(path).status(path: path).st_size }
            #expect(error?.code == .denied, "\(path)")
        }
    }

    /// A directory is exchanged for a link to the outside, over and over, while files in it are read.
    @Test func nothingLeadsOutDuringARace() async throws {
        try await WorkspaceFixture.with { fixture in
            mkdir(fixture.outside + "/elsewhere", 0o755)
            try fixture.write("secret", to: "../elsewhere/file.txt")
            fixture.makeDirectory("real")
            try fixture.write("inside", to: "real/file.txt")
            fixture.link("link", to: "../elsewhere")
            let (real, link, aside) = (fixture.root + "/real", fixture.root + "/link", fixture.root + "/aside")

            let results = await withTaskGroup(of: [String].self) { group in
                group.addTask {
                    for _ in 0..<700 {
                        rename(real, aside)
                        rename(link, real)
                        rename(real, link)
                        rename(aside, real)
                    }
                    return []
                }
                group.addTask {
                    var results: [String] = []
                    for _ in 0..<700 {
                        for path in ["real/file.txt", "link/file.txt", "real/../real/file.txt"] {
                            do { results.append(try await fixture.read(path)) } catch {
                                results.append("\((error as? ToolError)?.code.description ?? "?")")
                            }
                        }
                    }
                    return results
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(results.count == 2_100)
            #expect(Set(results).isSubset(of: ["inside", "denied", "not_found", "failed"]))
            #expect(results.contains("inside"))
        }
    }

    @Test func aWorkspaceStaysWhatItWasWhenItIsReplaced() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("inside", to: "file.txt")
            rename(fixture.root, fixture.outside + "/moved")
            symlink(fixture.outside, fixture.root)
            #expect(try await fixture.read("file.txt") == "inside")
            #expect(throws: ToolError.self) { try fixture.workspace.openFile("secret.txt").status(path: "").st_size }
        }
    }

    @Test func aDirectoryThatIsNone() throws {
        let error = #expect(throws: ToolError.self) { try Workspace(directory: "/etc/passwd") }
        #expect(error?.code == .configuration)
        #expect(error?.isFatal == true)
    }

    @Test(arguments: ["file_read", "list_directory"])
    func withoutAWorkspace(implementation: String) async throws {
        let tool = try ToolFactory().tool(
            for: ToolDefinition(name: "t", versionID: 1, implementation: implementation)
        )
        let error = await #expect(throws: ToolError.self) {
            try await tool.call(["path": "."], in: ToolContext(conversationID: "c", turnSequence: 1))
        }
        #expect(error?.code == .denied)
    }

    /// Descriptors are closed on every way out.
    @Test func leavesNoDescriptorsOpen() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("text", to: "file.txt")
            mkfifo("\(fixture.root)/fifo", 0o644)
            func inodesOpen() throws -> Int {
                // Only descriptors below this fixture count: other tests run at the same time.
                let stream = try #require(opendir("/proc/self/fd"))
                defer { closedir(stream) }
                var count = 0
                while let entry = readdir(stream) {
                    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                    var target = [CChar](repeating: 0, count: 4_096)
                    let length = readlink("/proc/self/fd/\(name)", &target, target.count)
                    guard length > 0 else { continue }
                    let path = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                    if path.hasPrefix(fixture.root) { count += 1 }
                }
                return count
            }
            let before = try inodesOpen()
            for _ in 0..<20 {
                _ = try await fixture.read("file.txt")
                _ = try? await fixture.read("fifo")
                _ = try? await fixture.read(".")
                _ = try await fixture.call("list_directory", [:])
            }
            #expect(try inodesOpen() == before)
            #expect(before == 1)
        }
    }
}
