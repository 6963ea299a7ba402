import Glibc

/// Reading and making the small text files around a cluster.
///
/// The server's user can write in the server's directories while the reader may be root, so no link is followed, nothing
/// blocks on a pipe and no more than a limit is read.
enum SmallFile {
    /// The text of a regular file from `offset` to its end, at most the last `limit` bytes of it.
    ///
    /// - Returns: The text and the file's owner, or `nil` when there is no such file or it is not a regular file.
    /// - Throws: ``PostgresServerError/Code/inaccessible`` when there is a file that cannot be read.
    static func read(
        _ path: String,
        from offset: Int = 0,
        limit: Int = 8_192
    ) throws(PostgresServerError) -> (text: String, owner: uid_t)? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP {
                return nil
            }
            throw .inaccessible("read \(path)", errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, FileStatus(status).isRegularFile else {
            return nil
        }
        let start = max(offset, FileStatus(status).size - limit)
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, limit, off_t(max(0, start))))
        }
        return (String(decoding: bytes, as: UTF8.self), status.st_uid)
    }

    /// Makes a file with this text unless there is one of that name; either all of the text is there or no file.
    ///
    /// - Returns: Whether the file was made.
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    static func create(_ path: String, text: String) throws(PostgresServerError) -> Bool {
        let draft = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .inaccessible("create \(draft)", errno: errno)
        }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw .inaccessible("write \(draft)", errno: errno)
        }
        if link(draft, path) == 0 {
            return true
        }
        guard errno == EEXIST else {
            throw .inaccessible("create \(path)", errno: errno)
        }
        return false
    }
}
