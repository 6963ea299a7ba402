import Foundation

extension Process {
    /// Runs an executable to its end, without holding a thread of the test's meanwhile.
    ///
    /// - Returns: The exit status.
    static func run(_ path: String, _ arguments: [String], output: FileHandle = .nullDevice) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        for await status in ends { return status }
        throw CancellationError()
    }
}
