import Foundation
import Glibc
import HTTP
import TestSupport
import Testing

/// In a process of its own, where no other test opens descriptors or starts threads.
@Suite(.timeLimit(.minutes(5)))
struct HTTPDescriptorTests {
    @Test func aThousandAbortedRequestsLeaveNoDescriptorAndNoThreadBehind() async {
        await #expect(processExitsWith: .success) {
            try await withMockServer { request in
                request.path == "/body" ? .hang(after: [1, 2, 3]) : .hang
            } perform: { server in
                // What the runtime opens once and keeps is opened here.
                try await abort(50, on: server)
                try await noThreads()
                let descriptors = try count(in: "/proc/self/fd")
                try await abort(1000, on: server)
                try await noThreads()
                #expect(try count(in: "/proc/self/fd") == descriptors)
            }
        }
    }

    @Test func aClientThatIsOnlyDroppedEndsItsThread() async {
        await #expect(processExitsWith: .success) {
            _ = HTTPClient()
            try await noThreads()
        }
    }

    @Test func programsThatAreStartedMeanwhileDoNotInheritTheConnections() async {
        await #expect(processExitsWith: .success) {
            try await withMockServer { _ in
                .hang(after: [1])
            } perform: { server in
                try await withHTTPClient { client in
                    let response = try await client.execute(HTTPClientRequest(url: server.url))
                    let ends = connections(to: server.port)
                    #expect(ends.count == 1)
                    #expect(ends.allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
                    _ = response
                }
            }
        }
    }
}

/// The descriptors of connections to a port of this host.
private func connections(to port: Int) -> [Int32] {
    (3..<1_024).filter { descriptor in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            getpeername(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return result == 0 && address.sin_port == in_port_t(port).bigEndian
    }
}

/// Waits until no client has a thread any more: it ends a moment after the client is told so.
private func noThreads() async throws {
    try await eventually("no thread of a client") { try httpThreads() == 0 }
}

/// Aborts requests in every way there is, half of them before the head, on a client of its own.
private func abort(_ number: Int, on server: MockServer) async throws {
    let before = await server.connectionCount
    try await withHTTPClient { client in
        for batch in stride(from: 0, to: number, by: 50) {
            try await withThrowingTaskGroup { group in
                for index in batch..<min(batch + 50, number) {
                    let path = index.isMultiple(of: 2) ? "/body" : "/head"
                    let request = HTTPClientRequest(url: server.url + path)
                    group.addTask {
                        let response = try? await client.execute(request)
                        if index.isMultiple(of: 4) { _ = try? await response?.collect() }
                    }
                }
                _ = try await server.requests(count: before + min(batch + 50, number))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }
    // The server's ends of the connections are in this process, too.
    try await server.disconnections(count: before + number)
}

private func count(in directory: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: directory).count
}

/// How many threads of clients there are.
private func httpThreads() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { task in
        (try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)) == "http\n"
    }
}
