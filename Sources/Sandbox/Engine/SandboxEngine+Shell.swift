import Glibc
import Reactor

/// Command lines, each in a sandbox of its own.
extension SandboxEngine {
    func submit(_ run: ShellRun) {
        do throws(SandboxError) {
            guard !pool.isShutDown else { throw .shutDown }
            guard isolation != .landlock else {
                let reason = shortcomings.joined(separator: "; ")
                throw SandboxError(.unavailable, "command lines need namespaces: \(reason)")
            }
            waitingShells.append(run)
            startShells()
        } catch {
            run.complete(.failure(error))
        }
    }

    func cancelShell(_ id: UInt64) {
        if let index = waitingShells.firstIndex(where: { $0.id == id }) {
            let run = waitingShells.remove(at: index)
            run.complete(.failure(SandboxError(.cancelled, "the command was cancelled before it began")))
        } else {
            shells[id]?.kill(.cancelled)
        }
    }

    func stopShells() {
        let waiting = waitingShells
        waitingShells = []
        for run in waiting { run.complete(.failure(.shutDown)) }
        for run in shells.values { run.kill(.shutDown) }
    }

    private func startShells() {
        while shells.count < configuration.maximumConcurrentCalls, !waitingShells.isEmpty {
            let run = waitingShells.removeFirst()
            do throws(SandboxError) {
                try start(run)
            } catch {
                run.complete(.failure(error))
            }
        }
    }

    private func start(_ run: ShellRun) throws(SandboxError) {
        if isolation == .namespaces, !Tools.isInstalled(Tools.bubblewrap) {
            throw SandboxError(.unavailable, "\(Tools.bubblewrap) is missing: apt-get install bubblewrap")
        }
        let workspace = try grantedWorkspace(run.call.workspace)
        let program = ShellProgram(
            call: run.call,
            covers: try covers(run.call.exceptions, run.call.workspace),
            isolation: isolation,
            workspace: workspace,
            user: Self.user(for: workspace ?? configuration.workspace.flatMap(DirectoryIdentity.init))
        )
        let started = try program.start()
        run.started = started
        run.isolation = isolation
        run.start = .now
        shells[run.id] = run
        run.deadline = loop.schedule(at: .now + run.call.limits.timeout) {
            run.deadline = nil
            run.kill(.timeout)
        }
        if run.call.workspace == .writable, let workspace {
            run.disk = DiskWatch(limits: run.call.limits, workspace: workspace.path)
        }
        watchMemory(of: run)
        run.outputWatch = loop.watch(started.output.number, for: .readable) { [unowned self] _ in
            if !run.readOutput(&buffer), errno != EAGAIN, let watch = run.outputWatch {
                loop.remove(watch)
                run.outputWatch = nil
            }
        }
        run.endWatch = loop.watch(started.process.handle.number, for: .readable) { [unowned self] _ in
            ended(run)
        }
    }

    private func ended(_ run: ShellRun) {
        guard let ending = run.started?.process.reap() else { return }
        while run.readOutput(&buffer) {}
        for watch in [run.outputWatch, run.endWatch].compactMap(\.self) { loop.remove(watch) }
        (run.outputWatch, run.endWatch) = (nil, nil)
        if let deadline = run.deadline { loop.cancel(deadline) }
        run.deadline = nil
        if let look = run.memoryLook { loop.cancel(look) }
        run.memoryLook = nil
        shells[run.id] = nil
        run.complete(run.result(ending))
        startShells()
        finishIfOver()
    }
}
