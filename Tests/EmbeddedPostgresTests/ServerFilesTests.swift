import Testing

import class FoundationEssentials.FileManager

@testable import EmbeddedPostgres

struct ServerFilesTests {
    @Test func `the home is the variable's, else one in the current directory`() {
        func path(_ environment: [String: String]) -> String {
            EmbeddedHome(environment: environment, currentDirectory: "/here/now").path
        }
        #expect(path([:]) == "/here/now/.agentctl")
        #expect(path(["AGENTCTL_HOME": ""]) == "/here/now/.agentctl")
        #expect(path(["AGENTCTL_HOME": "../there/"]) == "/here/there")
        #expect(path(["AGENTCTL_HOME": "/there//./x"]) == "/there/x")
        let home = EmbeddedHome(environment: ["AGENTCTL_HOME": "/there"])
        #expect(home.postgresDirectory == "/there/postgres")
    }

    @Test func `a home above the current directory is found, and not another's file`() throws {
        let top = "/tmp/home-above-\(UInt32.random(in: 0..<UInt32.max))"
        defer { _ = try? FileManager.default.removeItem(atPath: top) }
        let below = EmbeddedHome(environment: [:], currentDirectory: "\(top)/repo/src")
        #expect(below.above == nil)
        try FileManager.default.createDirectory(
            atPath: "\(top)/.agentctl/postgres",
            withIntermediateDirectories: true
        )
        #expect(below.above == "\(top)/.agentctl")
        // The one in the current directory is no other.
        #expect(EmbeddedHome(environment: [:], currentDirectory: top).above == nil)
    }

    @Test func `a postmaster file is read from its first line to its last`() {
        let complete = "77\n/data\n1700000000\n5432\n/run dir\n\n  1234     5678\nready   \n"
        let file = PostmasterFile(text: complete)
        #expect(file?.processID == 77)
        #expect(file?.socketDirectory == "/run dir")
        #expect(file?.state == "ready")

        let early = PostmasterFile(text: "77\n/data\n1700000000\n5432\n")
        #expect(early?.processID == 77)
        #expect(early?.socketDirectory == nil)
        #expect(early?.state == "starting")

        for broken in ["", "\n", "x\n", "0\n", "1\n", "-77\n", "99999999999\n"] {
            #expect(PostmasterFile(text: broken) == nil)
        }
    }

    @Test func `settings are quoted, and privacy goes before what the caller sets`() throws {
        let settings = try ServerSettings(
            changes: ["application_name": #"it's \ here"#, "listen_addresses": "*", "port": "1"],
            socketDirectory: #"/a "b", c"#,
            layout: ServerLayout(root: "/root's")
        )
        let changed = settings.text.split(separator: "\n").filter { line in
            ServerSettings.defaults.keys.allSatisfy { !line.hasPrefix($0 + " ") }
        }
        #expect(
            changed == [
                #"application_name = 'it''s \\ here'"#,
                "listen_addresses = ''",
                "log_directory = '/root''s/log'",
                "port = '5432'",
                #"unix_socket_directories = '"/a ""b"", c"'"#,
                "unix_socket_permissions = '0700'",
            ]
        )
    }

    @Test func `a connection string holds any path`() {
        let address = PostgresServer.Address(socketDirectory: "/a b/é%?&")
        #expect(
            address.connectionString
                == "postgresql://agentctl_operator@/agentctl?host=%2Fa%20b%2F%C3%A9%25%3F%26&port=5432"
        )
        #expect(
            address.connectionString(database: "x/y", user: "a b").hasPrefix("postgresql://a%20b@/x%2Fy?")
                && address.superuserConnectionString.hasPrefix("postgresql://agentctl@/agentctl?")
        )
    }

    @Test func `the hash is FNV-1a`() {
        #expect(StableHash.text(of: "") == "cbf29ce484222325")
        #expect(StableHash.text(of: "foobar") == "85944171f73967e8")
    }
}
