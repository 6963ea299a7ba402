import FoundationEssentials
import Glibc
import JSON
import Logging
import Sandbox
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

/// A rule about a path holds for every tool that reads or writes files.
@Suite struct PathRuleTests {
    private static func rules(_ rules: (PathRules.Verdict, [String])...) throws -> PathRules {
        PathRules([try rules.map { PathRules.Rule($0.0, try $0.1.map(GlobPattern.init(ofRule:))) }])
    }

    private struct Place {
        let directory: String
        let workspace: Workspace
        let sandbox: Sandbox

        func call(
            _ tool: String,
            _ arguments: JSONValue,
            rules: PathRules,
            configuration: JSONValue = [:]
        ) async throws -> ToolOutput {
            let definition = ToolDefinition(
                name: tool,
                versionID: 1,
                implementation: tool,
                configuration: configuration
            )
            let router = try ToolRouter([ToolFactory().tool(for: definition)])
            var context = ToolContext(
                callID: "call-1",
                services: ToolServices(workspace: workspace, sandbox: sandbox)
            )
            context.pathRules = rules
            let request = ToolCallRequest(id: "call-1", name: tool, arguments: JSONText(arguments).string)
            return await router.call(request, in: context).output
        }

        func text(
            _ tool: String,
            _ arguments: JSONValue,
            rules: PathRules,
            configuration: JSONValue = [:]
        ) async throws -> String {
            try await call(tool, arguments, rules: rules, configuration: configuration).text
        }
    }

    private func withPlace(_ body: (Place) async throws -> Void) async throws {
        try await withTemporaryDirectory(permissions: 0o777) { directory in
            for name in ["conf", "conf/deep", "src", ".git", ".git/hooks", "vendor", "vendor/.git"] {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/\(name)",
                    withIntermediateDirectories: true
                )
                chmod("\(directory)/\(name)", 0o777)
            }
            for name in [".env", "src/.env", "conf/key", "conf/deep/key", "src/a", ".git/config", "vendor/.git/config"]
            {
                try "SECRET of \(name)\n".write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
                chmod("\(directory)/\(name)", 0o666)
            }
            let sandbox = Sandbox(SandboxConfiguration(workspace: directory, spareWorkers: 1), logger: .silent)
            try await sandbox.warmUp()
            let place = Place(
                directory: directory,
                workspace: try Workspace(directory: directory),
                sandbox: sandbox
            )
            do { try await body(place) } catch {
                await sandbox.shutdown()
                throw error
            }
            await sandbox.shutdown()
        }
    }

    @Test func searchLeavesOutWhatIsDeniedOrAskedAboutAndSaysSo() async throws {
        try await withPlace { place in
            let rules = try Self.rules((.denied, [".env"]), (.asked, ["conf/**"]))
            let output = try await place.call("search", ["pattern": "SECRET"], rules: rules)
            #expect(
                output.text == """
                    src/a:1: SECRET of src/a
                    [4 files or directories are left out: a policy denies them, or asks about them]
                    """
            )
            #expect(output.value?["complete"] == false)
            // A person was asked about it then.
            let asked = try await place.text("search", ["pattern": "SECRET", "path": "conf"], rules: rules)
            #expect(asked == "conf/deep/key:1: SECRET of conf/deep/key\nconf/key:1: SECRET of conf/key")
        }
    }

    @Test func fileToolsRefuseWhatIsDeniedWhateverTheirCallWasTakenFor() async throws {
        try await withPlace { place in
            let rules = try Self.rules((.allowed, ["conf/deep/*"]), (.denied, [".env", "conf/**"]))
            for path in [".env", "src/../.env", "./src/.env", "conf/key", "conf"] {
                let arguments: JSONValue = ["path": .string(path)]
                for tool in ["file_read", "list_directory"] {
                    let text = try await place.text(tool, arguments, rules: rules)
                    #expect(text.contains("a rule of a policy denies it"), "\(tool) \(path): \(text)")
                }
            }
            let write: JSONValue = ["path": "conf/new/file", "content": "x"]
            #expect(try await place.text("file_write", write, rules: rules).contains("denies it"))
            let edit: JSONValue = ["path": ".env", "old_text": "SECRET", "new_text": "x"]
            #expect(try await place.text("file_edit", edit, rules: rules).contains("denies it"))
            #expect(
                try await place.text("file_read", ["path": "conf/deep/key"], rules: rules)
                    == "SECRET of conf/deep/key\n"
            )
            let whole = try Self.rules((.denied, ["conf/**"]))
            let list = try await place.text("list_directory", ["path": ".", "depth": 3], rules: whole)
            #expect(list.contains("conf/\n") && !list.contains("conf/key") && list.contains("[conf/ is left out"))
        }
    }

    /// Whoever was asked about one rule's files was not asked about those of another one.
    @Test func searchReadsWhatItWasAskedAboutAndNothingElseThatIsAskedAbout() async throws {
        try await withPlace { place in
            let rules = try Self.rules((.asked, ["conf/deep/**"]), (.asked, ["conf/**"]))
            let text = try await place.text("search", ["pattern": "SECRET", "path": "conf"], rules: rules)
            #expect(
                text == """
                    conf/key:1: SECRET of conf/key
                    [1 files or directories are left out: a policy denies them, or asks about them]
                    """
            )
            let denied = try Self.rules((.denied, ["conf/deep/**"]))
            let around = try await place.text("search", ["pattern": "SECRET", "path": "src/../conf"], rules: denied)
            #expect(around.hasPrefix("conf/key:1: SECRET of conf/key\n[1 "), "\(around)")
            let deep = try await place.text("search", ["pattern": "SECRET", "path": "conf/deep"], rules: rules)
            #expect(deep == "conf/deep/key:1: SECRET of conf/deep/key")
        }
    }

    @Test(arguments: ["shell", "run_tests", "run_python"])
    func codeDoesNotReadWhatIsDenied(tool: String) async throws {
        try await withPlace { place in
            let rules = try Self.rules((.allowed, ["conf/deep/*"]), (.denied, [".env", "conf/**"]))
            let names = [".env", "src/.env", "conf/key", "conf/deep/key", "src/a"]
            let arguments: JSONValue =
                tool == "run_python"
                ? [
                    "code": .string(
                        """
                        for name in \(names):
                            try: print(open(name).read())
                            except OSError as error: print(error)
                        """
                    )
                ] : ["command": .string("cat " + names.joined(separator: " "))]
            let text = try await place.text(tool, arguments, rules: rules)
            #expect(text.components(separatedBy: "Permission denied").count == 4, "\(text)")
            #expect(text.components(separatedBy: "SECRET").count == 3, "\(text)")
            #expect(text.contains("SECRET of conf/deep/key") && text.contains("SECRET of src/a"), "\(text)")
        }
    }

    /// The next user of a repository runs what is in there, outside of any sandbox.
    @Test func codeDoesNotWriteToARepositoryUnlessItsRowSaysSo() async throws {
        try await withPlace { place in
            let command: JSONValue = [
                "command":
                    "echo x > .git/hooks/pre-commit; echo x >> .git/config; mv vendor/.git vendor/other; ls -A vendor"
            ]
            let text = try await place.text("shell", command, rules: PathRules())
            #expect(text.components(separatedBy: "Read-only file system").count == 3, "\(text)")
            #expect(
                text.hasSuffix("\n.git\n") && access("\(place.directory)/.git/hooks/pre-commit", F_OK) != 0,
                "\(text)"
            )
            let code: JSONValue = ["code": "open('.git/hooks/pre-commit', 'w')"]
            let python = try await place.text(
                "run_python",
                code,
                rules: PathRules(),
                configuration: ["workspace": "writable"]
            )
            #expect(python.contains("Read-only file system"), "\(python)")
            let free = try await place.text("shell", command, rules: PathRules(), configuration: ["protected": []])
            #expect(free == "other\n" && access("\(place.directory)/.git/hooks/pre-commit", F_OK) == 0, "\(free)")
        }
    }

    /// What stands for a repository is one, whatever its name's case.
    @Test func whatLeadsToARepositoryIsProtectedAsItIs() async throws {
        try await withPlace { place in
            func make(_ path: String, _ content: String? = nil) throws {
                let path = "\(place.directory)/\(path)"
                if content == nil { mkdir(path, 0) }
                try content?.write(toFile: path, atomically: false, encoding: .utf8)
                chmod(path, 0o777)
            }
            for path in ["store", "store/hooks", "store/worktrees", "store/worktrees/w", "src/.GIT"] { try make(path) }
            try make("store/worktrees/w/commondir", "../..\n")
            try make("vendor/x")
            try make("vendor/x/.git", "gitdir: ../../store/worktrees/w\n")
            try make("conf/.git", "gitdir: \(place.directory)/src/../store/worktrees/w\n")
            let paths = ["store/hooks/pre-commit", "store/worktrees/w/HEAD", "src/.GIT/config"]
            let write: JSONValue = ["command": .string(paths.map { "echo x > \($0)" }.joined(separator: "; "))]
            let text = try await place.text("shell", write, rules: PathRules())
            #expect(text.components(separatedBy: "Read-only file system").count == 4, "\(text)")

            for (pointer, reason) in [("../../gone", "does not exist"), ("../../link", "symbolic link")] {
                symlink("store", "\(place.directory)/link")
                try make("vendor/x/.git", "gitdir: \(pointer)\n")
                let text = try await place.text("shell", write, rules: PathRules())
                #expect(text.contains("was not run") && text.contains(reason), "\(text)")
            }
            try make("vendor/x/.git", "gitdir: ../../../elsewhere\n")
            #expect(try await place.text("shell", ["command": "echo y"], rules: PathRules()) == "y\n")
            let free = try await place.text("shell", write, rules: PathRules(), configuration: ["protected": []])
            #expect(!free.contains("Read-only"), "\(free)")
        }
    }

    /// A link cannot be mounted over, so that code could put another one there.
    @Test func aRepositoryThatIsALinkIsRefused() async throws {
        try await withPlace { place in
            symlink("../.git", "\(place.directory)/src/.git")
            let move: JSONValue = ["command": "rm src/.git; mkdir src/.git"]
            let text = try await place.text("shell", move, rules: PathRules())
            #expect(text.contains("src/.git is a symbolic link") && text.contains("protected"), "\(text)")
            #expect(access("\(place.directory)/src/.git/config", F_OK) == 0)
            let readOnly = try await place.text(
                "shell",
                ["command": "echo y"],
                rules: PathRules(),
                configuration: ["workspace": "read_only"]
            )
            #expect(readOnly == "y\n")
        }
    }

    /// What somebody waits for who stops a run.
    @Test func aDirectoryIsNotReadForARunThatWasStopped() async throws {
        try await withPlace { place in
            let error = await Task { () async -> ToolError? in
                withUnsafeCurrentTask { $0?.cancel() }
                do throws(ToolError) {
                    _ = try place.workspace.openDirectory(".").entries(limit: 10, path: ".")
                    return nil
                } catch {
                    return error
                }
            }.value
            #expect(error?.code == .cancelled)
        }
    }

    /// With a repository that it may write, code commits by a name that nobody has to configure.
    @Test func codeCommitsWhereItsRowLetsIt() async throws {
        try await withPlace { place in
            let command: JSONValue = [
                "command":
                    "git init -q new && cd new && git commit -q --allow-empty -m x && git log --format='%an <%ae>'"
            ]
            let text = try await place.text("shell", command, rules: PathRules(), configuration: ["protected": []])
            #expect(text == "agentctl <agentctl@localhost>\n", "\(text)")
        }
    }

    @Test(
        arguments: [
            (".env", ".env", true), (".env", "a/.env", true), (".env", ".env/x", true), (".env", ".env.example", false),
            ("secrets/**", "secrets", true), ("secrets/**", "secrets/a/b", true), ("secrets/**", "a/secrets/b", false),
            ("**/secrets/**", "a/secrets", true), ("a/b", "a/b/c", true), ("a/b", "a", false), ("*", "x/y", true),
            ("secrets/", "secrets/a", true), ("secrets/", "x/secrets/a", true), ("a/b/", "a/b/c", true),
            ("{.env,secrets/**}", "a/.env", true), ("{.env,secrets/**}", "secrets", true),
            ("{.env,secrets/**}", "a/secrets", false), ("{a,b/{c,[,}]}}", "b/}/x", true),
            ("{a,b/{c,d}}", "x/b/c", false),
            (".env", "a\u{600}/.env", true), ("a/**/b", "a/\u{301}c/b", true), ("\u{301}x", "a/\u{301}x", true),
        ]
    )
    func whatAPatternCovers(pattern: String, path: String, isCovered: Bool) throws {
        #expect(try GlobPattern(ofRule: pattern).covers(path: path) == isCovered)
    }
}
