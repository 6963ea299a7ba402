package import Conversation
package import Glibc

/// An open file or directory, closed when it goes out of use.
package struct WorkspaceDescriptor: ~Copyable {
    package let number: Int32

    /// Takes a descriptor over.
    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// What the kernel knows about it.
    package func status(path: String) throws(ToolError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw Self.failure(path: path) }
        return status
    }

    /// Reads everything up to the end.
    ///
    /// - Parameter maximumBytes: The most bytes to read.
    /// - Returns: The bytes; nil if there are more.
    func readAll(maximumBytes: Int, path: String) throws(ToolError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if Task.isCancelled { throw ToolError(.cancelled, "Reading was stopped.") }
            let count = try read(into: &buffer, path: path)
            if count == 0 { return bytes }
            // The file may grow while it is read.
            guard bytes.count + count <= maximumBytes else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// Reads the next bytes into an array.
    ///
    /// - Returns: How many were read; 0 at the end.
    package func read(into buffer: inout [UInt8], path: String) throws(ToolError) -> Int {
        let count = buffer.withUnsafeMutableBytes { bytes -> Int in
            while true {
                let count = Glibc.read(number, bytes.baseAddress, bytes.count)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        guard count >= 0 else { throw Self.failure(path: path) }
        return count
    }

    /// Writes all of some bytes.
    package func write(_ bytes: [UInt8], path: String) throws(ToolError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(number, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                let reason = String(cString: strerror(errno))
                throw ToolError(.failed, "\"\(Workspace.shown(path))\" cannot be written: \(reason).")
            }
        }
    }

    /// What a directory holds, in no order.
    ///
    /// - Parameter limit: The most entries to read.
    /// - Returns: The entries, and whether there are more.
    package func entries(limit: Int, path: String) throws(ToolError) -> (entries: [DirectoryEntry], hasMore: Bool) {
        // The stream takes its descriptor over, so it gets one of its own.
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw Self.failure(path: path) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw Self.failure(path: path)
        }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name == [UInt8(ascii: ".")] || name == Array("..".utf8) { continue }
            if entries.count == limit { return (entries, true) }
            if entries.count % 1_024 == 0, Task.isCancelled { throw ToolError(.cancelled, "The run was stopped.") }
            if let entry = self.entry(named: name) { entries.append(entry) }
        }
        return (entries, false)
    }

    /// Looks at an entry itself, not at what it links to; nil if it has disappeared.
    private func entry(named name: [UInt8]) -> DirectoryEntry? {
        var status = stat()
        let result = name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
                _ = text.initialize(from: bytes)
                text[bytes.count] = 0
                return text.baseAddress.map { fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) } ?? -1
            }
        }
        guard result == 0 else { return nil }
        return DirectoryEntry(name: name, mode: status.st_mode, size: Int64(status.st_size))
    }

    private static func failure(path: String) -> ToolError {
        let reason = String(cString: strerror(errno))
        return ToolError(.failed, "\"\(Workspace.shown(path))\" cannot be read: \(reason).")
    }
}
