import Glibc
import Sandbox

/// What `doctor` says of a worker's workspace: whether it is there, its disk, and whether code could use it.
struct WorkspaceExamination {
    let path: String

    var checks: [Check] {
        guard let whole = realpath(path, nil) else { return [missing] }
        defer { free(whole) }
        let name = String(cString: whole)
        var found = stat()
        guard stat(name, &found) == 0, found.st_mode & S_IFMT == S_IFDIR else { return [missing] }
        let disk = DiskExamination(name: "disk workspace", what: "the workspace", path: path)
        return [disk.check, access(name)].compactMap { $0 }
    }

    private var missing: Check {
        Check(
            "workspace",
            .failed,
            "\(path): there is no such directory",
            hint: "Make it, or name another; without it no worker starts that is given it."
        )
    }

    private func access(_ name: String) -> Check? {
        guard let problem = Sandbox.workspaceProblem(at: name) else { return nil }
        return Check(
            "workspace",
            .warning,
            "shell and run_tests are refused, as functions that write: \(problem)",
            hint: "Do as it says, or run agentctl as a user other than root."
        )
    }
}
