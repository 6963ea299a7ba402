import CSandbox
import Reactor

/// The limit of what calls with a writable workspace write to it.
extension SandboxEngine {
    /// Measures from time to time what a call has written, and kills the call above its limit.
    ///
    /// A call that is over before the first look costs a timer and one look at the file system.
    func watchDisk(of call: RunningCall, on worker: Worker) {
        guard let workspace = configuration.workspace else { return }
        let watch = DiskWatch(limits: call.limits, workspace: workspace)
        call.disk = watch
        lookAtDisk(of: call, on: worker, after: watch.delay)
    }

    private func lookAtDisk(of call: RunningCall, on worker: Worker, after delay: Duration) {
        call.diskLook = loop.schedule(at: .now + delay) { [unowned self] in
            call.diskLook = nil
            let bytes = worker.process > 0 ? csandbox_written_by(worker.process) : -1
            guard let next = call.disk?.look(written: bytes) else { return kill(worker, .disk) }
            lookAtDisk(of: call, on: worker, after: next)
        }
    }

    /// Takes the timers of a call back that is over.
    func stopTimers(of call: RunningCall) {
        for timer in [call.deadline, call.diskLook].compactMap(\.self) { loop.cancel(timer) }
        (call.deadline, call.diskLook) = (nil, nil)
    }
}
