import CSandbox
import Glibc
import Paths

/// How a command line is started.
struct ShellProgram {
    /// Limits first, as what follows inherits them; then a mark that the sandbox stands, and the command.
    ///
    /// The command is no replacement of this shell but its child: process 1 of a namespace ignores signals of its own.
    private static let wrapper = """
        ulimit -c 0 -n 1024 -u 256 -f "$1" -d "$2" -v "$3" -t "$4" || exit 125
        cd -- "$5" 2>/dev/null || { printf d >&3; exit 126; }
        printf . >&3; exec 3>&-
        unset OLDPWD
        exec 4>&2 2>/dev/null
        /bin/bash -c "$6" 2>&4 4>&-
        exit $?
        """
    /// What the wrapper says when the command is about to begin.
    static let readyMark = UInt8(ascii: ".")
    /// What it says when the directory cannot be entered.
    static let directoryMark = UInt8(ascii: "d")
    private static let sharedMemoryBytes = 64 << 20
    private static let temporaryBytes = 256 << 20
    /// Address space that is not data: programs, libraries, what is only reserved.
    private static let reservedBytes = 2 << 30
    static let maximumCommandBytes = 100_000

    let call: ShellCall
    let covers: WorkspaceCovers
    let isolation: Isolation
    let workspace: DirectoryIdentity?
    let user: ChildProgram.User?

    /// What was started, and what is read from it.
    struct Started {
        let process: ChildProcess
        let output: Descriptor
        /// A byte comes when the sandbox stands.
        let mark: Descriptor
        /// bubblewrap's word on process 1 of the namespace.
        let information: Descriptor
    }

    /// Checks the call, and starts it.
    func start() throws(SandboxError) -> Started {
        try check()
        let output = try Descriptor.pipe()
        let mark = try Descriptor.pipe()
        let information = try Descriptor.pipe()
        var program = ChildProgram(path: Tools.shell)
        program.descriptors = [nil, output.writing, output.writing, mark.writing]
        program.user = user
        // Python takes compiled code for current by its second and size: an edit and a test run fit into one second.
        let environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "EMAIL": "agentctl@localhost",
        ].merging(call.environment) { $1 }
        let command = ["-c", Self.wrapper, "bash"] + limits + ["./" + call.directory, call.command]
        if isolation == .namespaces {
            program.path = Tools.bubblewrap
            program.environment = ["PATH": "/usr/bin:/bin"]
            // The name is whom a commit of git is by, where the repository names nobody.
            let users = "root:x:0:0::/:/bin/false\nsandbox:x:65534:65534:agentctl:/tmp:/bin/bash\n"
            var arguments = BubblewrapArguments.shell(workspace: workspace?.path, call.workspace, environment)
            let covered = try covers.arguments(workspace: workspace?.path ?? "/", firstDescriptor: 8)
            arguments += covered.arguments
            arguments += ["--size", "\(Self.temporaryBytes)", "--perms", "1777", "--tmpfs", "/tmp"]
            arguments += ["--size", "\(Self.sharedMemoryBytes)", "--perms", "1777", "--tmpfs", "/dev/shm"]
            arguments += ["--remount-ro", "/dev", "--seccomp", "5", "--ro-bind-data", "6", "/etc/passwd"]
            arguments += ["--info-fd", "7", "--remount-ro", "/", "--chdir", "/workspace"]
            program.descriptors += [
                try .memoryFile("arguments", arguments.flatMap { Array($0.utf8) + [0] }),
                try .filter(CSANDBOX_FILTER_SHELL, notifies: false),
                try .memoryFile("users", Array(users.utf8)),
                information.writing,
            ]
            program.descriptors += covered.descriptors
            program.arguments = ["--args", "4", Tools.shell] + command
        } else {
            program.environment = environment
            program.directory = workspace?.path ?? "/"
            program.arguments = command
        }
        return Started(
            process: try program.start(),
            output: output.reading,
            mark: mark.reading,
            information: information.reading
        )
    }

    /// What the wrapper is given: file size, data and address space in KiB, processor time in seconds.
    private var limits: [String] {
        let data = call.limits.memoryBytes
        return [
            call.limits.fileBytes >> 10, data >> 10, (data + Self.reservedBytes) >> 10,
            Int(call.limits.timeout.components.seconds) + 2,
        ].map(String.init)
    }

    private func check() throws(SandboxError) {
        guard call.command.utf8.count <= Self.maximumCommandBytes else {
            throw SandboxError(.invalid, "a command line has \(Self.maximumCommandBytes) bytes at most")
        }
        guard !call.directory.isAbsolutePath, !call.directory.pathComponents.contains("..") else {
            throw SandboxError(.invalid, "\(call.directory) is no directory relative to the workspace")
        }
        let texts = [call.command, call.directory] + call.environment.values
        guard texts.allSatisfy({ !$0.utf8.contains(0) }), call.environment.keys.allSatisfy(Self.isName) else {
            throw SandboxError(.invalid, "a command line, directory or variable has characters that it cannot have")
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xdf) || $0 == 95 }
    }
}
