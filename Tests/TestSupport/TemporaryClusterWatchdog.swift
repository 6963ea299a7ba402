import Glibc
import Synchronization

/// A small process that ends a cluster and removes its directory as soon as the test process is gone.
///
/// It waits for the end of a connection whose other end only the test process holds. The kernel closes that end however the
/// process ends, so that a crash or a SIGKILL leaves nothing behind. It has a session of its own: Ctrl-C does not reach it.
struct TemporaryClusterWatchdog: Sendable {
    private let processID: pid_t
    private let socket: Int32

    /// The watchdogs that the process still has to wait for when it exits.
    private static let unfinished = Mutex<[pid_t: Int32]>([:])

    /// Waits at exit, so that nothing is left when the process is gone.
    private static let exitHandler: Void = {
        atexit {
            for (processID, socket) in TemporaryClusterWatchdog.unfinished.withLock({ $0 }) {
                close(socket)
                waitpid(processID, nil, 0)
            }
        }
    }()

    /// Arguments: the directory of the cluster's server, and the one to remove.
    ///
    /// PostgreSQL's processes work in the data directory; a busy one can be left of a server that a test has killed.
    private static let script = """
        trap '' HUP INT TERM
        read -r line
        root=$(cat "$1/location" 2>/dev/null) || root=$1
        processes() { for cwd in /proc/[0-9]*/cwd; do
            [ "$cwd" -ef "$root/data" ] && pid=${cwd#/proc/} && echo "${pid%/cwd}"
        done; }
        signal=QUIT
        tries=0
        while left=$(processes); [ -n "$left" ] && [ "$tries" -lt 100 ]; do
            kill -s "$signal" $left
            sleep 0.05
            tries=$((tries + 1))
            [ "$tries" -lt 50 ] || signal=KILL
        done
        rm -rf "$root" "$2"
        """

    /// Starts the watchdog.
    ///
    /// - Parameters:
    ///   - serverDirectory: The directory of the `PostgresServer`.
    ///   - directory: Removed at the end.
    init(serverDirectory: String, removing directory: String) throws {
        try self.init(script: Self.script, [serverDirectory, directory])
    }

    /// Starts a watchdog that does something else.
    ///
    /// - Parameters:
    ///   - script: For `sh`: reads a line, which never comes, and ends what there is to end when nothing can come.
    ///   - arguments: `$1` and so on.
    init(script: String, _ arguments: [String]) throws {
        _ = Self.exitHandler
        // Sockets rather than a pipe: they can be made such that no other child inherits them, whenever it is started.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw TemporaryResourceError("cannot make a pair of sockets: \(errno)")
        }
        defer { close(ends[0]) }
        let arguments = ["sh", "-c", script, "sh"] + arguments
        guard let processID = Self.spawn("/bin/sh", arguments, input: ends[0]) else {
            close(ends[1])
            throw TemporaryResourceError("cannot start /bin/sh: \(errno)")
        }
        self.processID = processID
        socket = ends[1]
        Self.unfinished.withLock { $0[processID] = ends[1] }
    }

    /// Lets the watchdog do its work now, and waits for it.
    func finish() async {
        guard Self.unfinished.withLock({ $0.removeValue(forKey: processID) }) != nil else {
            return
        }
        close(socket)
        while waitpid(processID, nil, WNOHANG) == 0 {
            // A cancelled test must wait for it as well.
            await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
        }
    }

    /// POSIX_SPAWN_SETSID, which the Glibc module lacks.
    private static let sessionFlag: Int16 = 0x80

    private static func spawn(_ path: String, _ arguments: [String], input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        // Whoever reads the test's output must not wait for the watchdog.
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        closeInheritedDescriptors(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, sessionFlag)
        let texts = arguments.map { strdup($0) }
        defer { texts.forEach { free($0) } }
        var processID = pid_t()
        return posix_spawn(&processID, path, &actions, &attributes, texts + [nil], environ) == 0 ? processID : nil
    }
}
