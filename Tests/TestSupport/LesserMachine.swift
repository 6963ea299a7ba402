import FoundationEssentials
import Glibc

/// A machine that lacks something that the sandbox is made of.
///
/// It is no imitation: the kernel itself refuses what is missing, to one process and all that it starts.
public enum LesserMachine: String, Sendable, CaseIterable {
    /// The package is not installed: something else is mounted over the program.
    case withoutBubblewrap = "bubblewrap"
    /// No more user namespaces may be made: `user.max_user_namespaces` is 0.
    case withoutUserNamespaces = "user_namespaces"
    /// A container: its filter of system calls refuses namespaces, as Docker's does unless it is told otherwise.
    case withoutNamespaces = "namespaces"
    /// A kernel that was built without Landlock.
    case withoutLandlock = "landlock"
    /// Neither namespaces nor Landlock.
    case withoutEither = "namespaces,landlock"

    /// Whether processes can have namespaces of their own.
    public var hasNamespaces: Bool { self == .withoutLandlock }

    /// Whether its own filter refuses a system call that the sandbox's would tell of.
    public func refuses(_ systemCall: String) -> Bool {
        self == .withoutNamespaces && ["mount", "setns", "unshare"].contains(systemCall)
    }

    /// The words that run a program on such a machine, whose path and arguments follow.
    ///
    /// The process that is started with them is the program in the end.
    public var command: [String] { ["/usr/bin/python3", "-I", "-c", Self.program, rawValue] }

    /// Why such machines cannot be made here; nil when they can.
    public static let obstacle: String? =
        allCases.contains { !$0.canBeMade }
        ? "machines that lack something cannot be made here: that takes root, and a kernel that allows it" : nil

    private var canBeMade: Bool {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        closeInheritedDescriptors(&actions)
        let words = (command + ["/bin/true"]).map { strdup($0) }
        defer { words.forEach { free($0) } }
        var process = pid_t()
        guard posix_spawn(&process, command[0], &actions, nil, words + [nil], [nil]) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status == 0
    }

    private static let program = #"""
        import ctypes, os, struct, sys
        lacks, program = sys.argv[1].split(","), sys.argv[2:]
        libc = ctypes.CDLL(None, use_errno=True)
        BUBBLEWRAP, USERS = "/usr/bin/bwrap", "/proc/sys/user/max_user_namespaces"
        NEW_MOUNTS, NEW_USERS, ANY_NAMESPACE = 0x20000, 0x10000000, 0x7e020000

        def check(result, name):
            if result != 0:
                raise SystemExit(f"{name}: {os.strerror(ctypes.get_errno())}")

        def write(path, text):
            with open(path, "w") as file:
                file.write(text)

        def hide_bubblewrap():
            check(libc.unshare(NEW_MOUNTS), "unshare")
            recursive_private, bind = 0x44000, 4096
            check(libc.mount(b"none", b"/", None, recursive_private, None), "mount")
            if os.path.exists(BUBBLEWRAP):
                check(libc.mount(b"/dev/null", BUBBLEWRAP.encode(), None, bind, None), "mount")

        def forbid_user_namespaces():
            # A namespace with the users of this one, whose own limit is set: the machine's stays as it is.
            reading, writing = os.pipe()
            own, helper = os.getpid(), os.fork()
            if helper == 0:
                os.read(reading, 1)
                for name in ("uid_map", "gid_map"):
                    write(f"/proc/{own}/{name}", "0 0 4294967295")
                os._exit(0)
            check(libc.unshare(NEW_USERS), "unshare")
            os.write(writing, b".")
            if os.waitpid(helper, 0)[1] != 0:
                raise SystemExit("the namespace has no users")
            write(USERS, "0")

        def instruction(code, value, yes=0, no=0):
            return struct.pack("HBBI", code, yes, no, value)

        def refuse(calls, namespaces):
            LOAD, EQUAL, ANY, RETURN, ALLOW, ERROR, FLAGS = 0x20, 0x15, 0x45, 0x06, 0x7fff0000, 0x50000, 16
            code = instruction(LOAD, 0)
            for number, error in calls:
                code += instruction(EQUAL, number, 0, 1) + instruction(RETURN, ERROR | error)
            if namespaces:
                clone = 56 if os.uname().machine == "x86_64" else 220
                code += instruction(EQUAL, clone, 0, 3) + instruction(LOAD, FLAGS)
                code += instruction(ANY, ANY_NAMESPACE, 0, 1) + instruction(RETURN, ERROR | EPERM)
            code += instruction(RETURN, ALLOW)
            text = ctypes.create_string_buffer(code, len(code))
            head = ctypes.create_string_buffer(struct.pack("HP", len(code) // 8, ctypes.addressof(text)))
            if os.geteuid() != 0:
                check(libc.prctl(38, 1, 0, 0, 0), "no_new_privs")
            check(libc.prctl(22, 2, ctypes.c_void_p(ctypes.addressof(head)), 0, 0), "seccomp")

        EPERM, ENOSYS = 1, 38
        # unshare, setns, mount; clone3, whose flags no filter can see.
        namespaces = (272, 308, 165) if os.uname().machine == "x86_64" else (97, 268, 40)
        calls = []
        if "bubblewrap" in lacks:
            hide_bubblewrap()
        if "user_namespaces" in lacks:
            forbid_user_namespaces()
        if "namespaces" in lacks:
            calls += [(number, EPERM) for number in namespaces] + [(435, ENOSYS)]
        if "landlock" in lacks:
            calls += [(number, ENOSYS) for number in (444, 445, 446)]
        if calls:
            refuse(calls, "namespaces" in lacks)
        os.execv(program[0], program)
        """#
}
