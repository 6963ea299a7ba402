import CSandbox
import Glibc
import Logging
import Reactor

/// The limits that the processes of a command line have together: of memory, and of what they write to the workspace.
extension SandboxEngine {
    /// Measures a command's memory from time to time, and kills the command above its limit.
    func watchMemory(of run: ShellRun) {
        guard run.isolation == .namespaces else { return }
        lookAtMemory(of: run, after: MemoryWatch.delay(used: 0, limit: run.memory.limit, cost: .zero))
    }

    private func lookAtMemory(of run: ShellRun, after delay: Duration) {
        run.memoryLook = loop.schedule(at: .now + delay) { [unowned self] in
            run.memoryLook = nil
            // What it would see before the mounts stand is the machine's.
            guard run.isReady, let first = run.first else {
                return lookAtMemory(of: run, after: MemoryWatch.delay(used: 0, limit: 0, cost: .zero))
            }
            switch run.memory.look(first.number) {
            case .fine(let delay):
                guard run.disk != nil else { return lookAtMemory(of: run, after: delay) }
                guard let next = run.disk?.look(written: run.memory.written) else { return run.kill(.disk) }
                lookAtMemory(of: run, after: min(delay, next))
            case .exceeded: run.kill(.memory)
            case .hidden(let error):
                // Not when it has just ended.
                guard csandbox_signal(first.handle.number, 0) == 0 else { return }
                warnOfHiddenMemory(error)
                // The limits of the disk need no look into processes.
                guard run.disk != nil else { return }
                guard let next = run.disk?.look(written: -1) else { return run.kill(.disk) }
                lookAtMemory(of: run, after: next)
            }
        }
    }

    private func warnOfHiddenMemory(_ error: Int32) {
        guard !isMemoryHidden else { return }
        isMemoryHidden = true
        logger.warning(
            "the memory of command lines is limited by process only: this process may not read theirs",
            metadata: ["error": "\(systemMessage(error))", "help": "as root it needs CAP_SYS_PTRACE"]
        )
    }
}
