import FoundationEssentials
import Glibc
import JSON
import Sandbox
import TestSupport
import Testing

/// Parts of the workspace that code may do less with than with the rest.
@Suite struct WorkspaceExceptionTests {
    private func withTree(_ body: (String, Sandbox) async throws -> Void) async throws {
        try await withWorkspace { path, sandbox in
            for directory in [".git", ".git/hooks", "a", "a/b", "secrets", "secrets/deep"] {
                try FileManager.default.createDirectory(
                    atPath: "\(path)/\(directory)",
                    withIntermediateDirectories: true
                )
            }
            for file in [".env", ".git/config", "a/b/key", "secrets/deep/key"] {
                try "SECRET\n".write(toFile: "\(path)/\(file)", atomically: false, encoding: .utf8)
            }
            // Code runs as another user than root, whose tree it is to be.
            var status = stat()
            stat(path, &status)
            for file in try FileManager.default.subpathsOfDirectory(atPath: path) {
                chown("\(path)/\(file)", status.st_uid, status.st_gid)
            }
            try await body(path, sandbox)
        }
    }

    private static let exceptions = [
        WorkspaceException(".env", .hiddenFile), WorkspaceException("a/b/key", .hiddenFile),
        WorkspaceException("secrets", .hiddenDirectory), WorkspaceException(".git", .readOnly),
    ]

    @Test(arguments: [WorkspaceGrant.readOnly, .writable])
    func aCommandDoesNotReadWhatIsHidden(grant: WorkspaceGrant) async throws {
        try await withTree { _, sandbox in
            var call = ShellCall(
                "cat .env a/b/key secrets/deep/key; ls secrets; grep -rs SECRET . ; cat .git/config note.txt",
                workspace: grant
            )
            call.exceptions = Self.exceptions
            let outcome = try await sandbox.run(call)
            #expect(outcome.output.components(separatedBy: "Permission denied").count == 5, "\(outcome.output)")
            #expect(outcome.output.hasSuffix("\n./.git/config:SECRET\nSECRET\nhello\n"), "\(outcome.output)")
        }
    }

    @Test func aCommandWritesNothingThatIsProtectedAndMovesNothingAway() async throws {
        try await withTree { path, sandbox in
            var call = ShellCall(
                """
                echo x > .git/hooks/pre-commit; echo x >> .git/config; mv .git other; rm -rf .git; mv a other
                rm -f .env a/b/key; mv .env other; ln .env other; chmod 700 secrets; mv secrets other
                ls -l /proc/self/fd | grep -c workspace
                ls; echo new > a/b/new; mv a/b/new note.txt; cat note.txt
                """,
                workspace: .writable
            )
            call.exceptions = Self.exceptions
            let outcome = try await sandbox.run(call)
            #expect(outcome.output.hasSuffix("\n0\na\nnote.txt\nsecrets\nsub\nnew\n"), "\(outcome.output)")
            let left = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
            #expect(
                left == [
                    ".env", ".git", ".git/config", ".git/hooks", "a", "a/b", "a/b/key", "note.txt", "secrets",
                    "secrets/deep", "secrets/deep/key", "sub",
                ]
            )
            #expect(try String(contentsOfFile: "\(path)/.git/config", encoding: .utf8) == "SECRET\n")
        }
    }

    @Test(arguments: [WorkspaceGrant.readOnly, .writable])
    func pythonDoesNotReadWhatIsHidden(grant: WorkspaceGrant) async throws {
        try await withTree { path, sandbox in
            let source = """
                import os
                found = []
                def attempt(action):
                    try:
                        found.append(str(action()))
                    except OSError as error:
                        found.append(error.strerror)
                for name in [".env", "a/b/key", "secrets/deep/key", ".git/config", "note.txt"]:
                    attempt(lambda: open(name).read().strip())
                attempt(lambda: os.listdir("secrets"))
                attempt(lambda: open(".git/hooks/x", "w"))
                attempt(lambda: os.rename(".git", "other"))
                attempt(lambda: os.rename("a", "other"))
                attempt(lambda: os.remove(".env"))
                found
                """
            var call = PythonCall(.script, source: source, allowedImports: ["*"], isSafeMode: false, workspace: grant)
            call.exceptions = Self.exceptions
            let outcome = try await sandbox.run(call)
            let denied = "Permission denied"
            let (readOnly, busy) = ("Read-only file system", "Device or resource busy")
            let isWritable = grant == .writable
            let expected = [denied, denied, denied, "SECRET", "hello", denied]
            let found = outcome.value?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(Array(found.prefix(6)) == expected, "\(outcome)")
            if isWritable { #expect(Array(found.dropFirst(6)) == [readOnly, busy, busy, busy]) }
            #expect(access("\(path)/.git/hooks/x", F_OK) != 0)
        }
    }

    /// A link that somebody has put in place of a directory shows nothing else of the machine.
    @Test func aLinkOnTheWayIsRefused() async throws {
        try await withTree { path, sandbox in
            symlink("/etc", "\(path)/link")
            var call = ShellCall("cat link/passwd", workspace: .writable)
            call.exceptions = [WorkspaceException("link/passwd", .hiddenFile)]
            await #expect(throws: SandboxError.self) { try await sandbox.run(call) }
            call.exceptions = [WorkspaceException("link", .readOnly)]
            await #expect(throws: SandboxError.self) { try await sandbox.run(call) }
            // A place that became a link after somebody has looked.
            symlink("note.txt", "\(path)/other")
            symlink("/workspace/made", "\(path)/dangling")
            for name in ["other", "dangling", "gone"] {
                for kind in [WorkspaceException.Kind.hiddenFile, .hiddenDirectory] {
                    call.exceptions = [WorkspaceException(name, kind)]
                    let error = await #expect(throws: SandboxError.self, "\(name)") { try await sandbox.run(call) }
                    let message = error?.message ?? ""
                    #expect(message.hasPrefix("\(name) cannot be protected"), "\(message)")
                }
            }
            #expect(access("\(path)/gone", F_OK) != 0 && access("\(path)/made", F_OK) != 0)
        }
    }

    @Test func aPathThatIsNoneAndTooManyAreRefused() async throws {
        try await withTree { _, sandbox in
            var call = ShellCall("true", workspace: .readOnly)
            for path in ["", "/etc/passwd", "../x", "a/../b", "a//b", "."] {
                call.exceptions = [WorkspaceException(path, .hiddenFile)]
                await #expect(throws: SandboxError.self, "\(path)") { try await sandbox.run(call) }
            }
            call.exceptions = (0...200).map { WorkspaceException("f\($0)", .hiddenFile) }
            let error = await #expect(throws: SandboxError.self) { try await sandbox.run(call) }
            #expect(error?.code == .workspace)
            #expect(error?.message.contains("201 places") == true && error?.message.contains("such as f0") == true)
        }
    }

    /// Names that Swift takes for the same are two files.
    @Test(arguments: [WorkspaceGrant.readOnly, .writable])
    func namesAreComparedByTheirBytes(grant: WorkspaceGrant) async throws {
        try await withTree { path, sandbox in
            let names = ["K8s", "\u{212A}8s", "caf\u{E9}", "cafe\u{301}"]
            var call = ShellCall("cat \(names.joined(separator: " ")); true", workspace: grant)
            for name in names {
                try "SECRET\n".write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
                call.exceptions.append(WorkspaceException(name, .hiddenFile))
            }
            let outcome = try await sandbox.run(call)
            #expect(outcome.output.components(separatedBy: "Permission denied").count == 5, "\(outcome.output)")
            #expect(!outcome.output.contains("SECRET"), "\(outcome.output)")
        }
    }

    /// What is hidden within what is only read does not open the way to it.
    @Test(arguments: [false, true])
    func whatIsOnlyReadStaysSoAroundWhatIsHidden(isReversed: Bool) async throws {
        try await withTree { path, sandbox in
            try "SECRET\n".write(toFile: "\(path)/.git/hooks/key", atomically: false, encoding: .utf8)
            var call = ShellCall("cat .git/hooks/key; echo x > .git/hooks/x; echo x > .git/x", workspace: .writable)
            call.exceptions = [
                WorkspaceException(".git", .readOnly), WorkspaceException(".git/hooks/key", .hiddenFile),
            ]
            if isReversed { call.exceptions.reverse() }
            let outcome = try await sandbox.run(call)
            #expect(outcome.output.contains("key: Permission denied"), "\(outcome.output)")
            #expect(outcome.output.components(separatedBy: "Read-only file system").count == 3, "\(outcome.output)")
            #expect(access("\(path)/.git/hooks/x", F_OK) != 0 && access("\(path)/.git/x", F_OK) != 0)
        }
    }

    /// Where nothing holds code, nothing can be hidden from it.
    @Test func withoutASandboxACallIsRefusedThatIsNotToSeeAFile() async throws {
        try await withTemporaryDirectory { path in
            try "SECRET".write(toFile: "\(path)/.env", atomically: false, encoding: .utf8)
            var configuration = SandboxConfiguration(workspace: path)
            configuration.enforcement = .none
            try await withSandbox(configuration) { sandbox in
                var call = ShellCall("cat .env", workspace: .readOnly)
                call.exceptions = [WorkspaceException(".env", .hiddenFile)]
                let error = await #expect(throws: SandboxError.self) { try await sandbox.run(call) }
                #expect(error?.code == .workspace)
            }
        }
    }
}
