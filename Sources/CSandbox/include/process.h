#ifndef CSANDBOX_PROCESS_H
#define CSANDBOX_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// How a process ended and what it used, by the kernel.
typedef struct {
    /// The exit code; -1 if it was killed.
    int code;
    /// The signal that killed it; 0 if none did.
    int signal;
    /// Processor time of it and the children it waited for, in microseconds.
    int64_t processor_microseconds;
    /// The most memory that one of them had resident, in bytes.
    int64_t peak_bytes;
} csandbox_ending;

/// Sends a signal to the process of a handle (pidfd).
///
/// @return 0, or the negative of an errno: ESRCH if it is gone.
int csandbox_signal(int handle, int signal);

/// A handle (pidfd) of a process.
///
/// @return A descriptor, or the negative of an errno.
int csandbox_handle(pid_t process);

/// Takes note of the end of a child that ended.
///
/// @return 0, -EAGAIN when it still runs, or the negative of another errno.
int csandbox_reap(pid_t process, csandbox_ending *_Nonnull ending);

/// The process of a handle (pidfd), as this process's namespace numbers it.
///
/// @return The process, or the negative of an errno.
pid_t csandbox_process_of(int handle);

/// What a process that still runs has used so far.
///
/// @return 0, or the negative of an errno: ESRCH if it ended, and its memory cannot be told any longer.
int csandbox_usage(int handle, pid_t process, csandbox_ending *_Nonnull usage);

/// The version of Landlock's interface, 0 when the kernel has none.
int csandbox_landlock_version(void);

#endif
