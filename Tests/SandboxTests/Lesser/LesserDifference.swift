import Sandbox
import SandboxProbe

/// How attacks fare where there are no namespaces, and why that has to be.
struct LesserDifference: Sendable {
    /// Their names.
    let attacks: [String]
    /// Why.
    let reason: String
    /// Makes of a step of theirs what is expected there.
    let change: @Sendable (inout HostileStep) -> Void

    init(_ reason: String, _ attacks: String..., change: @escaping @Sendable (inout HostileStep) -> Void) {
        self.attacks = attacks
        self.reason = reason
        self.change = change
    }

    /// Without a mount namespace: no `/tmp`, and the paths of the machine, whose files Landlock protects.
    static let all: [LesserDifference] = [
        LesserDifference(
            "there is no /tmp, so that there is nothing to fill",
            "fills /tmp",
            "uses up the files of /tmp",
            "digs a pit of directories"
        ) { $0.answers?["error"] = "EACCES" },
        LesserDifference("there is no /tmp to leave files in", "leaves files in /tmp") { step in
            step.ends = [.error]
            step.says = ["PermissionError"]
            step.answers = nil
        },
        LesserDifference("there is no /tmp: another directory will do", "opens more files than it may") { step in
            step.replace("/tmp", with: "/usr")
        },
        LesserDifference(
            "there is no /tmp: the workspace will do",
            "changes its root",
            "makes memory that can be written and executed",
            "runs a program that it wrote"
        ) { step in
            step.replace("/tmp", with: "/workspace/folder")
            step.workspace = .writable
        },
        LesserDifference(
            "no mount forbids to map a file of the workspace as a program: what it does, the filter holds all the same",
            "makes memory that can be written and executed",
            "runs a program that it wrote"
        ) { step in
            step.replace("os.chmod(", with: "attempt(os.chmod, ")
            // All of it, as the rest would be missed when it is used.
            step.replace("file.read(900_000)", with: "file.read()")
            for name in ["shared", "workspace", "tmp"] where step.answers?[name] != nil { step.answers?[name] = "*" }
        },
        LesserDifference(
            "there is no /tmp: the workspace will do, and what was written before the call returned stays there",
            "leaves a thread that writes when nobody looks"
        ) { step in
            step.replace(#"os.listdir("/tmp")"#, with: "[]")
            step.replace("/tmp", with: "/workspace/folder")
        },
        LesserDifference("no directory is anybody's home", "reads the service's variables") {
            $0.answers?["home"] = "/"
        },
        LesserDifference(
            "the host's name is the host's",
            "learns the host's name and places from its arguments"
        ) { step in
            step.answers?["host"] = "*"
            step.answers?["also"] = "*"
        },
        LesserDifference(
            "it is a process of the machine's, and a user of the machine's who is nobody",
            "is somebody",
            "signals its parent in other ways"
        ) { step in
            step.replace("os.getuid()", with: "os.getuid() in (65534, \(HostileUser.unprivilegedNumber))")
            step.replace("os.geteuid()", with: "os.geteuid() in (65534, \(HostileUser.unprivilegedNumber))")
            step.replace("os.getgid()", with: "os.getgid() in (65534, \(HostileUser.unprivilegedNumber))")
            for name in ["user", "effective", "group"] where step.answers?[name] != nil { step.answers?[name] = "true" }
            for name in ["parent", "process"] where step.answers?[name] != nil { step.answers?[name] = "*" }
        },
        LesserDifference(
            "Landlock does not hide that a file is there, nor what stands in its directory's entry",
            "reads and overwrites the service's files",
            "sees the workspace without a grant",
            "connects to a real socket of the service"
        ) { step in
            for name in ["exists", "stat"] where step.answers?[name] != nil { step.answers?[name] = "*" }
        },
        LesserDifference(
            "modes and times, and truncation before Landlock's third version, are refused by the filter",
            "changes what it may only read through what it opened",
            "writes a large file into the workspace"
        ) { step in
            for name in ["mode", "times", "cut", "truncate", "outside"] where step.answers?[name] != nil {
                step.answers?[name] = "EPERM"
            }
        },
    ]
}

extension HostileStep {
    /// Changes the code.
    mutating func replace(_ text: String, with other: String) {
        if case .python(let source) = code { code = .python(source.replacing(text, with: other)) }
    }
}
