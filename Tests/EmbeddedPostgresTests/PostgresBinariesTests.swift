import Glibc
import TestSupport
import Testing

@testable import EmbeddedPostgres

struct PostgresBinariesTests {
    /// Makes executable files of these names.
    private func install(_ programs: [String], in directory: String) throws {
        try Directory.createAll(directory)
        for program in programs {
            try write("", to: "\(directory)/\(program)")
            #expect(chmod("\(directory)/\(program)", 0o755) == 0)
        }
    }

    private let programs = ["postgres", "initdb", "pg_ctl", "pg_config"]

    @Test func `the variable, then the cluster's version, then PATH, then the newest`() async throws {
        try await withTemporaryDirectory { path in
            try install(programs, in: "\(path)/chosen")
            try install(programs, in: "\(path)/opt/bin")
            for version in ["9", "15", "16"] {
                try install(programs, in: "\(path)/versions/\(version)/bin")
            }
            try install(["postgres"], in: "\(path)/versions/17/bin")
            var environment = ["AGENTCTL_POSTGRES_BIN": "\(path)/chosen", "PATH": "relative:/nowhere:\(path)/opt/bin"]
            func find(version: String? = nil) throws -> String {
                try PostgresBinaries.find(environment: environment, version: version, versions: "\(path)/versions")
            }

            #expect(try find(version: "15") == "\(path)/chosen")
            environment["AGENTCTL_POSTGRES_BIN"] = ""
            #expect(try find(version: "15") == "\(path)/versions/15/bin")
            #expect(try find(version: "14") == "\(path)/opt/bin")
            #expect(try find() == "\(path)/opt/bin")
            environment["PATH"] = nil
            #expect(try find() == "\(path)/versions/16/bin")
        }
    }

    @Test(arguments: ["postgres", "pg_config"])
    func `a link on PATH leads to the programs`(_ program: String) async throws {
        try await withTemporaryDirectory { path in
            try install(programs, in: "\(path)/real/bin")
            try install([], in: "\(path)/links")
            #expect(symlink("../real/bin/\(program)", "\(path)/links/\(program)") == 0)
            let found = try PostgresBinaries.find(environment: ["PATH": "\(path)/links"], versions: "/nowhere")
            #expect(found == "\(path)/real/bin")
        }
    }

    @Test func `no programs`() async throws {
        let error = #expect(throws: PostgresServerError.self) {
            try PostgresBinaries.find(environment: ["PATH": "/nowhere"], versions: "/nowhere")
        }
        #expect(
            error?.description == """
                PostgreSQL's server programs are not on PATH nor in /nowhere; install them with `apt-get install postgresql`, \
                set AGENTCTL_POSTGRES_BIN to their directory, or set DATABASE_URL to use another server
                """
        )
    }
}
