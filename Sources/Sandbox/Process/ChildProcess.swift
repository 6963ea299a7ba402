import CSandbox
import Glibc

/// A process that this one started.
struct ChildProcess {
    let process: pid_t
    /// Its handle (pidfd), readable when it ended.
    let handle: Descriptor

    /// Kills it; nothing happens when it is gone.
    func kill() {
        _ = csandbox_signal(handle.number, SIGKILL)
    }

    /// How it ended; nil while it runs.
    ///
    /// The kernel forgets the process with the first answer.
    func reap() -> Ending? {
        var ending = csandbox_ending()
        guard csandbox_reap(process, &ending) == 0 else { return nil }
        return Ending(ending)
    }
}
