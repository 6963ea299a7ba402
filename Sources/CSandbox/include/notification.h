#ifndef CSANDBOX_NOTIFICATION_H
#define CSANDBOX_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A system call that waits at a filter's listener.
typedef struct {
    uint64_t id;
    /// The number of the system call.
    int number;
    /// The thread that makes it, as this process's namespace numbers it; 0 when that is unknown.
    pid_t thread;
    /// Whether it is to start a thread, which may be allowed; all else is refused.
    bool starts_thread;
} csandbox_notification;

/// Takes the next system call that waits at a filter's listener, without blocking.
///
/// @return 0; -EAGAIN when none waits, -EPIPE when the listener's processes are gone.
int csandbox_next_notification(int listener, csandbox_notification *notification);

/// Has a waiting system call continue, or fail.
///
/// @param error What it fails with; 0 to have it continue.
void csandbox_answer_notification(int listener, uint64_t id, int error);

/// How many threads the process of a thread has.
///
/// @return The number, or the negative of an errno.
int csandbox_thread_count(pid_t thread);

#endif
