internal import Glibc
internal import Synchronization

/// A file that holds a key; it is read again when it changes.
final class KeyFile: Sendable {
    /// What a file is recognized by.
    private struct Stamp: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int
        let modified: [Int]
    }

    private let path: String
    private let last = Mutex<(stamp: Stamp, key: String)?>(nil)

    /// The most bytes that are read.
    private static let maximumBytes = 65_536

    /// - Parameter path: Its path.
    init(_ path: String) {
        self.path = path
    }

    /// The key as it is now.
    ///
    /// - Throws: ``ModelError/Code/configuration`` when it cannot be read, when others than its owner and its group may,
    ///   or when it holds no key.
    func key() throws(ModelError) -> String {
        // A FIFO would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refusal("cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal("is no file")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw refusal("may be read by others than its owner and its group: chmod o-rwx it")
        }
        let stamp = Stamp(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            size: Int(status.st_size),
            modified: [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        )
        if let last = last.withLock({ $0 }), last.stamp == stamp { return last.key }
        let key = try checked(contents(of: descriptor))
        last.withLock { $0 = (stamp, key) }
        return key
    }

    private func contents(of descriptor: Int32) throws(ModelError) -> String {
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw refusal("cannot be read: \(String(cString: strerror(errno)))") }
            if got == 0 { break }
            count += got
        }
        guard count <= Self.maximumBytes else { throw refusal("is too long for one that holds a key") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func checked(_ text: String) throws(ModelError) -> String {
        let key = text.trimmingWhitespace
        guard !key.isEmpty else { throw refusal("is empty") }
        guard key.isHeaderWord else { throw refusal("holds characters that no key has") }
        return key
    }

    private func refusal(_ what: String) -> ModelError {
        ModelError(.configuration, "the file \(path), which should hold the key, \(what)")
    }
}

extension String {
    /// Whether it can stand in a header as one word: a line break would smuggle another header in.
    var isHeaderWord: Bool { utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    var trimmingWhitespace: String {
        var result = String(drop(while: \.isWhitespace))
        while result.last?.isWhitespace == true { result.removeLast() }
        return result
    }
}
