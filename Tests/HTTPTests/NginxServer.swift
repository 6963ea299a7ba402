import Foundation
import Glibc
import TestSupport

/// A real nginx with TLS and HTTP/2 on the loopback interface; made by ``withNginx(_:)``.
struct NginxServer: Sendable {
    /// The port, found free just before.
    let port: Int
    /// The certificate for `localhost`, which signed itself and is its own authority.
    let certificate: String

    /// Where the server is, by the name in its certificate.
    var url: String { "https://localhost:\(port)" }

    static let path = "/usr/sbin/nginx"

    /// Whether the machine has what these tests need.
    static var isInstalled: Bool { [path, "/usr/bin/openssl"].allSatisfy(FileManager.default.isExecutableFile) }
}

/// Runs nginx for as long as `body` runs.
///
/// `/connection` answers with the connection's number, `/large` with 48 MiB, `/small` with `small`, and `/gzip` with
/// 4 MiB of zeros, compressed.
func withNginx<Result>(_ body: (NginxServer) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { directory in
        let certificate = "\(directory)/certificate.pem"
        try await makeCertificate(certificate, key: "\(directory)/key.pem")
        for (name, size) in [("large", 48 << 20), ("gzip", 4 << 20)] {
            try Data(count: size).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }
        let server = NginxServer(port: try freePort(), certificate: certificate)
        let configuration = "\(directory)/nginx.conf"
        try nginxConfiguration(server, in: directory).write(toFile: configuration, atomically: true, encoding: .utf8)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: NginxServer.path)
        process.arguments = ["-p", directory, "-c", configuration, "-e", "\(directory)/error.log"]
        try process.run()
        defer {
            // The one signal that the runtime's threads do not pass on blocked.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try await untilListening(on: server.port, process)
        return try await body(server)
    }
}

private struct NginxError: Error {
    let message: String
}

private func makeCertificate(_ certificate: String, key: String) async throws {
    let arguments =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]
    let status = try await Process.run("/usr/bin/openssl", arguments)
    guard status == 0 else { throw NginxError(message: "openssl makes no certificate") }
}

private func nginxConfiguration(_ server: NginxServer, in directory: String) -> String {
    let temporaryPaths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "\($0)_temp_path \(directory)/\($0);" }.joined(separator: " ")
    return """
        daemon off;
        master_process off;
        pid \(directory)/nginx.pid;
        events { worker_connections 256; }
        http {
            access_log off;
            \(temporaryPaths)
            server {
                listen 127.0.0.1:\(server.port) ssl http2;
                ssl_certificate \(server.certificate);
                ssl_certificate_key \(directory)/key.pem;
                default_type text/plain;
                location = /connection { return 200 "$connection"; }
                location = /small { return 200 "small"; }
                location = /large { root \(directory); }
                location = /gzip { root \(directory); gzip on; gzip_types text/plain; }
            }
        }
        """
}

/// A port that nobody has just now.
private func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
        }
    }
    guard result else { throw NginxError(message: "no port to be had") }
    return Int(UInt16(bigEndian: address.sin_port))
}

private func untilListening(on port: Int, _ process: Process) async throws {
    while process.isRunning {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if connected { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NginxError(message: "nginx does not start")
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    return address
}
