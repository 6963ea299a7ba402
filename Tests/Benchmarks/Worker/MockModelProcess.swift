import Glibc
import JSON
import TestSupport

/// A model that answers at once, in a process of its own, so that the worker's CPU time is the worker's alone.
struct MockModelProcess: Sendable {
    /// The command-line argument that makes this executable such a model.
    static let argument = "mock-model"

    /// How long it takes to answer as the model `slow`.
    static let delay: Duration = .milliseconds(200)

    /// The base URL that it serves.
    let url: String
    let process: ChildProcess

    /// Serves until standard input ends, as it does when the process that started it is gone.
    static func serve() async throws {
        try await withMockModel(keepsRequests: false) { request in
            if request.body["model"] == "slow" { try await Task.sleep(for: delay) }
            return .text(Documents.answer)
        } perform: { model in
            print(model.baseURL)
            fflush(nil)
            try await offThePool {
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) > 0 {}
            }
        }
    }

    /// Starts the process and waits until it serves.
    static func start() async throws -> MockModelProcess {
        try await offThePool {
            let process = try ChildProcess(try Programs.benchmarks(), [argument])
            let line = String(decoding: process.read(), as: UTF8.self)
            guard line.hasSuffix("\n") else { throw BenchmarkError("the mock model did not start") }
            return MockModelProcess(url: String(line.dropLast()), process: process)
        }
    }

    /// Ends the process.
    func stop() async throws {
        _ = try await offThePool { process.waitForExit() }
    }
}
