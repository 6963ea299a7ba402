import FoundationEssentials
import Glibc
import SandboxProbe
import TestSupport

/// What there is on the host for an attack to reach: a workspace, others' files, sockets that listen, a process.
///
/// Everything in it may be read and written by every user: nothing but the sandbox is in the way.
final class HostileScene: Sendable {
    let directory: TemporaryDirectory
    /// What must never be seen in an outcome.
    let secret: String
    /// How many seconds the processes of this scene's attacks sleep, which those of no other do that run beside it.
    private let sleep = String(Int.random(in: 80_000...999_999_999))
    private let unixListener: Int32
    private let tcpListener: Int32
    private let port: UInt16
    private let canary: pid_t
    private let before: [String: String]
    /// Whether attacks find the workspace at its own path, as nothing is mounted for them.
    private let isWorkspaceItself: Bool

    var workspace: String { "\(directory.path)/workspace" }

    init(isWorkspaceItself: Bool = false) throws {
        self.isWorkspaceItself = isWorkspaceItself
        directory = try TemporaryDirectory(permissions: 0o777)
        secret = (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }.joined()
        for folder in ["other", "service"] { try Self.makeFolder("\(directory.path)/\(folder)") }
        try Self.write(secret, to: "\(directory.path)/other/secret.txt")
        try Self.write("key = \(secret)", to: "\(directory.path)/service/agent.conf")
        unixListener = try Self.listen(at: "\(directory.path)/service/socket")
        (tcpListener, port) = try Self.listenOnLoopback()
        canary = try Self.startCanary()
        before = Self.snapshot(of: directory.path)
    }

    /// Ends what belongs to it.
    func remove() throws {
        close(unixListener)
        close(tcpListener)
        kill(canary, SIGKILL)
        waitpid(canary, nil, 0)
        try directory.remove()
    }

    /// Makes the workspace anew.
    func resetWorkspace() throws {
        if FileManager.default.fileExists(atPath: workspace) {
            for name in try FileManager.default.contentsOfDirectory(atPath: workspace) {
                try FileManager.default.removeItem(atPath: "\(workspace)/\(name)")
            }
        } else {
            try Self.makeFolder(workspace)
        }
        try Self.makeFolder("\(workspace)/folder")
        try Self.write("notes", to: "\(workspace)/notes.txt")
        symlink("\(directory.path)/other/secret.txt", "\(workspace)/link-to-secret")
        symlink(directory.path, "\(workspace)/link-to-host")
        symlink("/", "\(workspace)/link-to-root")
    }

    /// An attack's text with the names of what it attacks.
    func aimed(_ text: String) -> String {
        var text = isWorkspaceItself ? text.replacing("/workspace", with: workspace) : text
        let names = [
            "@HOST@": directory.path, "@SOCKET@": "\(directory.path)/service/socket", "@PORT@": "\(port)",
            "@PID@": "\(getpid())", "@CANARY@": "\(canary)", "@SECRET@": secret, "@SLEEP@": sleep,
        ]
        for (name, value) in names { text = text.replacing(name, with: value) }
        return text
    }

    /// What an attack has changed on the host, seen from outside.
    func damage() -> [String] {
        var damage: [String] = []
        let now = Self.snapshot(of: directory.path)
        for path in Set(before.keys).union(now.keys) where before[path] != now[path] {
            damage.append("\(path) changed")
        }
        if Self.hasCaller(unixListener) { damage.append("the service's socket was reached") }
        if Self.hasCaller(tcpListener) { damage.append("the host's port was reached") }
        if kill(canary, 0) != 0 || waitpid(canary, nil, WNOHANG) != 0 { damage.append("the canary was killed") }
        for path in ["/usr/owned", "/etc/owned", "/owned", "/dev/owned", "/tmp/owned", "/dev/shm/owned"]
        where access(path, F_OK) == 0 { damage.append("\(path) exists") }
        let pattern = (try? String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)) ?? ""
        if pattern.contains("owned") { damage.append("core_pattern is \(pattern)") }
        return damage + specialFiles()
    }

    /// Processes of an attack that are still there, by their command lines.
    func survivors() -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }.compactMap { process in
            guard let file = fopen("/proc/\(process)/cmdline", "r") else { return nil }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = fread(&bytes, 1, bytes.count, file)
            let line = String(decoding: bytes[..<count].map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
            return line.contains("sleep \(sleep)") ? "\(process): \(line)" : nil
        }
    }

    /// Files of the workspace that act as somebody else, or are devices.
    private func specialFiles() -> [String] {
        Self.paths(below: workspace).compactMap { path in
            var status = stat()
            guard lstat("\(workspace)/\(path)", &status) == 0 else { return nil }
            let kind = status.st_mode & S_IFMT
            if kind == S_IFBLK || kind == S_IFCHR { return "\(path) is a device" }
            return kind == S_IFREG && status.st_mode & 0o6000 != 0 ? "\(path) is set-uid" : nil
        }
    }
}
