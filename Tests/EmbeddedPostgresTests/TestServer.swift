import EmbeddedPostgres
import Foundation
import Glibc
import TestSupport

/// Settings that make clusters quick to create; nothing here depends on surviving a crash of the machine.
let fastSettings = ["fsync": "off", "logging_collector": "off", "shared_buffers": "16MB"]

/// Runs `body` with a server that is not created yet, and stops it afterwards.
func withServer(
    at path: String = "postgres",
    settings: [String: String] = fastSettings,
    _ body: (PostgresServer) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let server = PostgresServer(directory: "\(directory)/\(path)", settings: settings)
        do {
            try await body(server)
        } catch {
            try? await server.stop(mode: .immediate)
            throw error
        }
        try await server.stop(mode: .immediate)
    }
}

extension PostgresServer {
    var processID: pid_t? {
        get async throws {
            guard case .running(let processID, _) = try await status() else {
                return nil
            }
            return processID
        }
    }
}

/// Runs SQL and gives what psql prints.
@discardableResult
func psql(_ address: PostgresServer.Address, _ sql: String) async throws -> String {
    try await psql(address.connectionString, sql)
}

/// Whether the process is there and has not ended; one that nobody waited for has.
func isAlive(_ processID: pid_t) -> Bool {
    guard let status = try? text(of: "/proc/\(processID)/stat") else {
        return false
    }
    return !status.contains(") Z ")
}

func text(of path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
}

func names(in directory: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: directory))
}

func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: false, encoding: .utf8)
}

func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
}

func permissions(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}
