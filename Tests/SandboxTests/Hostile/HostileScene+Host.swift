import FoundationEssentials
import Glibc
import TestSupport

extension HostileScene {
    struct Failure: Error {
        let call: String
        let number: Int32
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o777) == 0, chmod(path, 0o777) == 0 else { throw Failure(call: path, number: errno) }
    }

    static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        guard chmod(path, 0o666) == 0 else { throw Failure(call: path, number: errno) }
    }

    /// A socket of the service that everybody may connect to.
    static func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0, Glibc.listen(descriptor, 16) == 0, chmod(path, 0o777) == 0 else {
            throw Failure(call: "bind \(path)", number: errno)
        }
        return descriptor
    }

    static func listenOnLoopback() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) != 0 || Glibc.listen(descriptor, 16) != 0
                    || getsockname(descriptor, $0, &size) != 0
            }
        }
        guard !failed else { throw Failure(call: "bind", number: errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func hasCaller(_ listener: Int32) -> Bool {
        var state = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) > 0
    }

    /// A process that every user's signals would reach if nothing else were in the way.
    ///
    /// It reads from a pipe, so that it ends with the tests however they do.
    static func startCanary() throws -> pid_t {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(call: "pipe", number: errno) }
        defer { close(ends[0]) }
        for descriptor in ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        closeInheritedDescriptors(&actions)
        var process = pid_t()
        let words = [strdup("cat")]
        defer { words.forEach { free($0) } }
        let failure = posix_spawn(&process, "/bin/cat", &actions, nil, words + [nil], [nil])
        guard failure == 0 else { throw Failure(call: "/bin/cat", number: failure) }
        return process
    }

    /// Every path below a directory, links not followed.
    static func paths(below directory: String) -> [String] {
        var found: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
            for name in names {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                found.append(path)
                var status = stat()
                let isFolder = lstat("\(directory)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                if isFolder, found.count < 100_000 { folders.append(path) }
            }
        }
        return found
    }

    /// What stands outside of the workspace: modes and contents by path.
    static func snapshot(of directory: String) -> [String: String] {
        var snapshot: [String: String] = [:]
        for path in paths(below: directory) where !path.hasPrefix("workspace") {
            var status = stat()
            lstat("\(directory)/\(path)", &status)
            let isFile = status.st_mode & S_IFMT == S_IFREG
            let content = isFile ? try? String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8) : nil
            snapshot[path] = "\(status.st_mode) \(status.st_uid) \(content ?? "")"
        }
        return snapshot
    }
}
