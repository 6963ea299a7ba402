import CSandbox
import Glibc
import Logging
import Reactor

/// Workers and the calls that they run.
extension SandboxEngine {
    func watch(_ worker: Worker) {
        worker.socketWatch = loop.watch(worker.socket.number, for: .readable) { [unowned self] readiness in
            if readiness.contains(.writable) { send(to: worker) }
            if readiness.contains(.readable) { _ = receive(from: worker) }
        }
        worker.outputWatch = loop.watch(worker.output.number, for: .readable) { [unowned self] _ in
            readOutput(of: worker)
        }
    }

    // MARK: The call

    /// Sends a call to a worker; the clock starts.
    func begin(_ id: WorkerPool.CallID, on number: WorkerPool.WorkerID) {
        guard let call = calls[id], let worker = workers[number] else { return }
        worker.call = call
        call.start = .now
        call.deadline = loop.schedule(at: .now + call.limits.timeout) { [unowned self] in
            call.deadline = nil
            kill(worker, .timeout)
        }
        if call.request.workspace == .writable { watchDisk(of: call, on: worker) }
        worker.unsent = call.bytes[...]
        send(to: worker)
    }

    private func send(to worker: Worker) {
        worker.send()
        guard let watch = worker.socketWatch else { return }
        loop.update(watch, for: worker.unsent.isEmpty ? .readable : [.readable, .writable])
    }

    /// Kills a worker for a reason; the first one counts.
    func kill(_ worker: Worker, _ reason: RunningCall.Kill) {
        guard let call = worker.call, worker.stage != .over || call.end == nil else { return }
        if call.killed == nil { call.killed = reason }
        worker.kill()
    }

    // MARK: What comes from a worker

    /// Reads what there is.
    ///
    /// - Returns: Whether there was something.
    private func receive(from worker: Worker) -> Bool {
        var descriptors: [Int32] = [-1]
        var count: Int32 = 0
        let capacity: Int32 = worker.stage == .sealing ? 1 : 0
        let length = csandbox_receive(
            worker.socket.number,
            &buffer,
            // Letter by letter until it is sealed, so that a descriptor comes with its letter.
            worker.stage == .sealing ? 1 : buffer.count,
            &descriptors,
            capacity,
            &count
        )
        let given = count > 0 ? Descriptor(descriptors[0]) : nil
        if length == -Int(EAGAIN) { return false }
        guard length > 0 else {
            // Whether it ended, the kernel says.
            if let watch = worker.socketWatch { loop.remove(watch) }
            worker.socketWatch = nil
            return false
        }
        switch worker.stage {
        case .sealing: takeLetter(buffer[0], given, worker)
        case .answering: takeAnswer(buffer.prefix(length), worker)
        case .over: break
        }
        return true
    }

    private func takeLetter(_ letter: UInt8, _ given: Descriptor?, _ worker: Worker) {
        switch letter {
        case UInt8(ascii: "R"):
            worker.isPrepared = true
            perform([])
        case UInt8(ascii: "L"):
            worker.stage = .answering
            if let given { listen(at: given, worker) }
        case UInt8(ascii: "E"):
            let count = recv(worker.socket.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            worker.stage = .over
            lastWorkerError = SandboxError(.broken, "a worker could not be sealed: \(text)")
            logger.error("a worker of the sandbox could not be sealed", metadata: ["error": "\(text)"])
            kill(worker, .broken("a worker could not be sealed: \(text)"))
        default:
            kill(worker, .broken("a worker sent what is no message"))
        }
    }

    private func takeAnswer(_ bytes: ArraySlice<UInt8>, _ worker: Worker) {
        guard let call = worker.call, call.end == nil else { return }
        // The letter before the frame is of the same kind as those before.
        let isFirst = call.answer.bytes.isEmpty && !worker.isAnswering
        if isFirst, bytes.first != UInt8(ascii: "A") { return kill(worker, .nonsense) }
        worker.isAnswering = true
        call.answer.append(isFirst ? bytes.dropFirst() : bytes)
        switch call.answer.state {
        case .incomplete: return
        case .refused: kill(worker, .output)
        case .complete:
            call.end = .now
            worker.stage = .over
            stopTimers(of: call)
            finish(call, on: worker)
        }
    }

    /// Ends a call that has its answer.
    ///
    /// Its worker is killed, which takes as long again as the call: only a call that may write to the workspace waits
    /// for that, so that nothing is written after it returned.
    private func finish(_ call: RunningCall, on worker: Worker) {
        guard call.request.workspace != .writable, let usage = worker.usage() else {
            return worker.kill()
        }
        drainOutput(of: worker)
        guard call.killed == nil else { return }
        calls[call.id] = nil
        worker.call = nil
        let actions = pool.callEnded(worker.number)
        call.complete(call.finding(usage))
        perform(actions)
    }

    private func readOutput(of worker: Worker) {
        guard let call = worker.call else {
            // Nobody may print before a call; the end of the pipe comes with the worker's end.
            let count = read(worker.output.number, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { unwatchOutput(of: worker) }
            return
        }
        let count = read(worker.output.number, &buffer, buffer.count)
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { unwatchOutput(of: worker) }
            return
        }
        buffer.withUnsafeBytes { call.addOutput(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        if call.isOutputCut { kill(worker, .output) }
    }

    private func unwatchOutput(of worker: Worker) {
        if let watch = worker.outputWatch { loop.remove(watch) }
        worker.outputWatch = nil
    }

    // MARK: System calls that ask

    private func listen(at listener: Descriptor, _ worker: Worker) {
        worker.listener = listener
        worker.listenerWatch = loop.watch(listener.number, for: .readable) { [unowned self] _ in
            var asked = csandbox_notification()
            let status = csandbox_next_notification(listener.number, &asked)
            if status < 0 {
                guard status != -EAGAIN else { return }
                if let watch = worker.listenerWatch { loop.remove(watch) }
                worker.listenerWatch = nil
                worker.listener = nil
                return
            }
            if asked.starts_thread {
                // Where its threads cannot be counted, the limit of all workers together remains.
                let isFull = csandbox_thread_count(asked.thread) >= RunningCall.maximumThreads
                return csandbox_answer_notification(listener.number, asked.id, isFull ? EAGAIN : 0)
            }
            csandbox_answer_notification(listener.number, asked.id, EPERM)
            guard let call = worker.call else { return }
            let name = csandbox_system_call_name(asked.number)
            defer { free(name) }
            let detail = name.map { String(cString: $0) } ?? "number \(asked.number)"
            call.add(SandboxViolation(.systemCall, detail: detail, source: .kernel))
            call.notifications += 1
            if call.notifications >= RunningCall.maximumNotifications { kill(worker, .denied) }
        }
    }

    // MARK: Its end

    func workerEnded(_ number: WorkerPool.WorkerID, _ ending: Ending) {
        guard let worker = workers[number] else {
            perform(pool.workerEnded(number, error: lastWorkerError))
            return
        }
        drain(worker)
        forget(worker)
        if let call = worker.call {
            calls[call.id] = nil
            stopTimers(of: call)
            call.complete(call.finding(ending))
        }
        perform(pool.workerEnded(number, error: lastWorkerError))
    }

    /// Reads what it wrote before its end.
    private func drain(_ worker: Worker) {
        while worker.socketWatch != nil, worker.stage != .over, receive(from: worker) {}
        drainOutput(of: worker)
    }

    private func drainOutput(of worker: Worker) {
        while worker.outputWatch != nil, let call = worker.call, !call.isOutputCut {
            let before = call.output.count
            readOutput(of: worker)
            if call.output.count == before { break }
        }
    }

    /// Lets go of all that belongs to a worker that is gone.
    func forget(_ worker: Worker) {
        for watch in [worker.socketWatch, worker.outputWatch, worker.listenerWatch].compactMap(\.self) {
            loop.remove(watch)
        }
        (worker.socketWatch, worker.outputWatch, worker.listenerWatch) = (nil, nil, nil)
        worker.listener = nil
        workers[worker.number] = nil
        interpreters[worker.generation]?.workers[worker.number] = nil
    }
}
