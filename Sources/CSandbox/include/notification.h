#ifndef CSANDBOX_NOTIFICATION_H
#define CSANDBOX_NOTIFICATION_H

/// Refuses the next system call that waits at a filter's listener, with EPERM.
///
/// It does not block.
///
/// @return The number of the system call; -EAGAIN when none waits, -EPIPE when the listener's processes are gone.
int csandbox_refuse_next(int listener);

#endif
