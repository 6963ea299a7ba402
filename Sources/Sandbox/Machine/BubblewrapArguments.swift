import Glibc

/// The arguments of bubblewrap.
enum BubblewrapArguments {
    /// Every namespace is named: `--unshare-all` continues without those that it does not get.
    private static let namespaces = [
        "--unshare-user", "--uid", "65534", "--gid", "65534", "--unshare-pid", "--unshare-net", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox", "--new-session", "--die-with-parent",
    ]

    /// The distribution's programs and libraries, to be read; nothing else of the machine.
    private static let system = [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
        "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/sbin", "/sbin",
        "--dir", "/etc", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        "--ro-bind-try", "/etc/localtime", "/etc/localtime",
    ]

    private static let devices = ["null", "zero", "urandom", "random"].flatMap {
        ["--dev-bind", "/dev/\($0)", "/dev/\($0)"]
    }

    /// Files of /proc that describe the machine and its start, and that no program needs.
    private static let machineFiles: [String] = [
        "cmdline", "config.gz", "consoles", "diskstats", "interrupts", "iomem", "ioports", "kallsyms", "kcore",
        "key-users", "keys", "kmsg", "modules", "partitions", "sched_debug", "slabinfo", "swaps", "sysrq-trigger",
        "timer_list", "vmallocinfo", "zoneinfo",
    ].map { (name: String) -> String in "/proc/\(name)" }.filter { (path: String) -> Bool in access(path, F_OK) == 0 }

    private static func environment(home: String) -> [String] {
        ["--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", home, "--setenv", "LANG", "C.UTF-8"]
    }

    /// For the interpreter that workers are forked from: over its own user namespace, which has nothing but these
    /// mounts, it keeps the capabilities to make namespaces and to take capabilities away.
    static func interpreter(workspace: String?, environment: [String: String]) -> [String] {
        var arguments = namespaces
        arguments += ["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"]
        arguments += Self.environment(home: "/workspace")
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { arguments += ["--setenv", name, value] }
        arguments += system + ["--dir", "/dev"] + devices
        arguments += ["--size", "1048576", "--tmpfs", "/tmp", "--dir", "/workspace", "--dir", "/.workspace"]
        if let workspace { arguments += ["--bind", workspace, "/.workspace"] }
        return arguments + ["--remount-ro", "/", "--chdir", "/"]
    }

    /// For a command line: no capabilities, and /proc of its own processes.
    ///
    /// The shell is process 1 of its namespace, so that the kernel kills whatever it leaves behind when it ends.
    static func shell(workspace: String?, _ grant: WorkspaceGrant, _ environment: [String: String]) -> [String] {
        var arguments = namespaces + ["--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { arguments += ["--setenv", name, value] }
        arguments += system + ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--dev", "/dev"]
        arguments += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]
        arguments += machineFiles.flatMap { ["--ro-bind", "/dev/null", $0] }
        switch (grant, workspace) {
        case (.readOnly, let workspace?): arguments += ["--ro-bind", workspace, "/workspace"]
        case (.writable, let workspace?): arguments += ["--bind", workspace, "/workspace"]
        default: arguments += ["--dir", "/workspace"]
        }
        return arguments
    }
}
