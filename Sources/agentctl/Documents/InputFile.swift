import Glibc

/// Reads files up to a limit.
enum InputFile {
    /// Reads a file.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be read or has more bytes than the limit.
    static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        return try read(descriptor, name: path, limit: limit)
    }

    /// Reads what an open descriptor gives, to its end.
    static func read(_ descriptor: Int32, name: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(name)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw CommandFailure(.refused, code: "refused", "\(name) has more than \(limit >> 10) KiB")
            }
        }
    }

    private static func failure(_ name: String) -> CommandFailure {
        let status: ExitStatus = errno == ENOENT ? .notFound : .failed
        let code = status == .notFound ? "not_found" : "failed"
        return CommandFailure(status, code: code, "cannot read \(name): \(String(cString: strerror(errno)))")
    }
}
