import Glibc

/// Calls from outside, on the loop's thread.
extension SandboxEngine {
    /// Adds a call to those that wait.
    func submit(
        _ id: WorkerPool.CallID,
        _ request: PythonRequest,
        _ complete: @escaping (Result<RunningCall.Finding, SandboxError>) -> Void
    ) {
        do throws(SandboxError) {
            guard !pool.isShutDown else { throw .shutDown }
            let workspace = try grantedWorkspace(request.workspace)
            let covers = try covers(request.exceptions, request.workspace)
            let call = RunningCall(id: id, request: request, bytes: try request.bytes(covers), complete: complete)
            calls[id] = call
            if let workspace, interpreters.values.contains(where: { !$0.isEnding && $0.workspace != workspace }) {
                perform(pool.replaceInterpreter())
            }
            perform(pool.add(id))
        } catch {
            complete(.failure(error))
        }
    }

    /// Ends a call that its caller no longer wants; it is answered when its worker is gone.
    func cancel(_ id: WorkerPool.CallID) {
        guard let call = calls[id] else { return }
        if pool.removeWaiting(id) {
            calls[id] = nil
            call.complete(.failure(SandboxError(.cancelled, "the call was cancelled before it began")))
        } else if let worker = workers.values.first(where: { $0.call === call }) {
            kill(worker, .cancelled)
        }
    }

    /// Starts an interpreter and its workers; `complete` is called when they are ready.
    func warmUp(_ complete: @escaping (Result<Void, SandboxError>) -> Void) {
        guard !pool.isShutDown else { return complete(.failure(.shutDown)) }
        warmUps.append(complete)
        perform(pool.warmUp())
    }

    /// What is mounted over the workspace.
    ///
    /// Where nothing is enforced, what is hidden would be readable: such a call is refused.
    ///
    /// - Throws: ``SandboxError`` with code `workspace` when this machine cannot do it.
    func covers(
        _ exceptions: [WorkspaceException],
        _ grant: WorkspaceGrant
    ) throws(SandboxError) -> WorkspaceCovers {
        guard isolation != .namespaces else { return try WorkspaceCovers(exceptions, grant) }
        let wanted = exceptions.filter { $0.kind != .readOnly || (isolation == .landlock && grant == .writable) }
        guard grant == .none || wanted.isEmpty else {
            throw SandboxError(
                .workspace,
                "\(wanted[0].path) is to be kept from the code, which takes namespaces: this machine has none, or code runs "
                    + "without a sandbox"
            )
        }
        return try WorkspaceCovers([], grant)
    }

    /// The workspace's directory; nil when the call gets none.
    func grantedWorkspace(_ grant: WorkspaceGrant) throws(SandboxError) -> DirectoryIdentity? {
        guard grant != .none else { return nil }
        guard let path = configuration.workspace else {
            throw SandboxError(.workspace, "there is no workspace that could be granted")
        }
        guard let workspace = DirectoryIdentity(path) else {
            throw SandboxError(.workspace, "the workspace \(path) is no directory")
        }
        if let user = Self.user(for: workspace) { try workspace.check(grant, for: user) }
        return workspace
    }
}
