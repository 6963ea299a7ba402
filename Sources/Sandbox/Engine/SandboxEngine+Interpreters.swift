import CSandbox
import Glibc
import Logging
import Reactor

/// The interpreters that workers are forked from.
extension SandboxEngine {
    func startInterpreter(_ generation: Int) {
        do throws(SandboxError) {
            try start(generation)
        } catch {
            // Not at once: the pool is in the middle of its decisions.
            lastStartError = error
            loop.execute { self.perform(self.pool.interpreterEnded(generation, error: error)) }
        }
    }

    private func start(_ generation: Int) throws(SandboxError) {
        guard Tools.isInstalled(Tools.python) else {
            throw SandboxError(.unavailable, "\(Tools.python) is missing: apt-get install python3")
        }
        let workspace = configuration.workspace.flatMap(DirectoryIdentity.init)
        let user = Self.user(for: workspace)
        if isolation == .namespaces, !Tools.isInstalled(Tools.bubblewrap) {
            try giveUpNamespaces("\(Tools.bubblewrap) is missing: apt-get install bubblewrap")
        }
        let program = InterpreterProgram(isolation: isolation, workspace: workspace, user: user)
        let started = try program.start()
        let interpreter = Interpreter(
            generation: generation,
            process: started.process,
            isolation: isolation,
            workspace: workspace,
            control: started.control,
            messages: started.messages
        )
        interpreters[generation] = interpreter
        interpreter.controlWatch = loop.watch(started.control.number, for: .readable) { [unowned self] _ in
            receive(from: interpreter)
        }
        interpreter.messagesWatch = loop.watch(started.messages.number, for: .readable) { [unowned self] _ in
            if !interpreter.readMessages(), let watch = interpreter.messagesWatch {
                loop.remove(watch)
                interpreter.messagesWatch = nil
            }
        }
    }

    /// The owner of the workspace, or nobody: never root.
    static func user(for workspace: DirectoryIdentity?) -> ChildProgram.User? {
        guard geteuid() == 0 else { return nil }
        if let workspace, workspace.owner != 0 {
            return .init(user: workspace.owner, group: workspace.group == 0 ? 65_534 : workspace.group)
        }
        return .init(user: 65_534, group: 65_534)
    }

    // MARK: Messages

    private func receive(from interpreter: Interpreter) {
        while !interpreter.hasEnded {
            var descriptors: [Int32] = [-1, -1, -1]
            var count: Int32 = 0
            let length = csandbox_receive(interpreter.control.number, &buffer, buffer.count, &descriptors, 3, &count)
            if length == -Int(EAGAIN) { return }
            let given = descriptors.prefix(Int(count)).map { Descriptor($0) }
            guard length > 0 else { return end(interpreter) }
            let message = buffer[1..<length]
            switch (buffer[0], given.count) {
            case (UInt8(ascii: "I"), 1):
                interpreter.handle = given[0]
                interpreter.isReady = true
                perform(pool.interpreterIsReady(interpreter.generation))
            case (UInt8(ascii: "W"), 3) where message.count == 8:
                take(given, number: number(in: message, at: 0), interpreter)
            case (UInt8(ascii: "F"), 0) where message.count >= 8:
                let text = String(decoding: message.dropFirst(8), as: UTF8.self)
                let error = SandboxError(.broken, "a worker cannot be made: \(text)")
                perform(pool.workerFailed(number(in: message, at: 0), error: error))
            case (UInt8(ascii: "X"), 0) where message.count == 28:
                let status = UInt32(truncatingIfNeeded: number(in: message, at: 8))
                let ending = Ending(
                    waitStatus: Int32(bitPattern: status),
                    microseconds: number(in: message, at: 12),
                    kibibytes: number(in: message, at: 20)
                )
                workerEnded(number(in: message, at: 0), ending)
            default:
                logger.error("unexpected message of the sandbox's interpreter")
            }
        }
    }

    private func number(in message: ArraySlice<UInt8>, at offset: Int) -> UInt64 {
        let start = message.startIndex + offset
        return message[start..<min(start + 8, message.endIndex)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func take(_ descriptors: [Descriptor], number: UInt64, _ interpreter: Interpreter) {
        let worker = Worker(
            number: number,
            generation: interpreter.generation,
            socket: descriptors[0],
            output: descriptors[1],
            handle: descriptors[2]
        )
        workers[number] = worker
        interpreter.workers[number] = worker
        watch(worker)
        perform(pool.workerIsReady(number))
    }

    // MARK: Ending

    /// Has the interpreter and all that it holds killed.
    func stopInterpreter(_ generation: Int) {
        guard let interpreter = interpreters[generation] else { return }
        end(interpreter)
    }

    /// Kills the interpreter, and notifies the pool when it and every worker of it are gone.
    private func end(_ interpreter: Interpreter) {
        guard !interpreter.isEnding else { return }
        interpreter.isEnding = true
        if let watch = interpreter.controlWatch { loop.remove(watch) }
        interpreter.controlWatch = nil
        interpreter.process.kill()
        var handles = [interpreter.process.handle]
        if let handle = interpreter.handle { handles.append(handle) }
        for worker in interpreter.workers.values {
            worker.kill()
            handles.append(worker.handle)
        }
        waitFor(handles[...], of: interpreter)
    }

    /// Waits for processes to end, one after the other.
    private func waitFor(_ handles: ArraySlice<Descriptor>, of interpreter: Interpreter) {
        guard let handle = handles.first else { return ended(interpreter) }
        var watch: ReactorWatch?
        watch = loop.watch(handle.number, for: .readable) { [unowned self] _ in
            if let watch { loop.remove(watch) }
            watch = nil
            waitFor(handles.dropFirst(), of: interpreter)
        }
        if watch == nil { waitFor(handles.dropFirst(), of: interpreter) }
    }

    private func ended(_ interpreter: Interpreter) {
        _ = interpreter.readMessages()
        if let watch = interpreter.messagesWatch { loop.remove(watch) }
        interpreter.messagesWatch = nil
        let ending = interpreter.process.reap()
        interpreter.hasEnded = true
        interpreters[interpreter.generation] = nil
        for worker in interpreter.workers.values {
            forget(worker)
            // How it ended is no longer known.
            guard let call = worker.call else { continue }
            fail(call.id, SandboxError(.broken, "the interpreter ended while the call ran"))
        }
        interpreter.workers = [:]
        let words = String(decoding: interpreter.lastWords, as: UTF8.self)
        if interpreter.isReady {
            if !pool.isShutDown, pool.interpreters[interpreter.generation]?.state != .stopping {
                logger.warning("the sandbox's interpreter ended", metadata: ["words": "\(words)"])
            }
            let error = SandboxError(.broken, "the sandbox's interpreter ended: \(words)")
            perform(pool.interpreterEnded(interpreter.generation, error: error))
        } else {
            failedToStart(interpreter, ending, words)
        }
    }

    // MARK: What the machine lacks

    private func failedToStart(_ interpreter: Interpreter, _ ending: Ending?, _ words: String) {
        var error = SandboxError(.unavailable, StartAdvice.text(words, user: Self.user(for: interpreter.workspace)))
        if interpreter.isolation == .namespaces, !pool.isShutDown, isolation == .namespaces,
            StartAdvice.isLackOfNamespaces(words)
        {
            do throws(SandboxError) {
                try giveUpNamespaces(error.message)
                startInterpreter(interpreter.generation)
                return
            } catch let lack {
                error = lack
            }
        }
        lastStartError = error
        perform(pool.interpreterEnded(interpreter.generation, error: error))
    }

    private func giveUpNamespaces(_ reason: String) throws(SandboxError) {
        guard csandbox_landlock_version() > 0 else {
            throw SandboxError(.unavailable, "\(reason); and the kernel has no Landlock (5.13) to do without it")
        }
        isolation = .landlock
        shortcomings.append(reason)
        logger.warning("untrusted code runs without namespaces", metadata: ["reason": "\(reason)"])
    }
}
