#ifndef CSANDBOX_CHANNEL_H
#define CSANDBOX_CHANNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CSANDBOX_DESCRIPTORS_MAXIMUM = 4 };

/// Makes two connected sockets that keep the borders of messages; both are closed on exec, the first does not block.
///
/// @return 0, or the negative of an errno.
int csandbox_message_sockets(int pair[_Nonnull 2]);

/// Makes a pipe; both ends are closed on exec, the reading one does not block.
///
/// @return 0, or the negative of an errno.
int csandbox_pipe(int ends[_Nonnull 2]);

/// Receives bytes, and descriptors with them.
///
/// @param descriptors  Filled with what came along, closed on exec; what does not fit is closed.
/// @param capacity     How many descriptors are taken; with 0 all of them are closed.
/// @param count        Set to how many came.
/// @return The number of bytes, 0 at the end, or the negative of an errno.
ssize_t csandbox_receive(
    int socket,
    void *_Nonnull bytes,
    size_t length,
    int *_Nullable descriptors,
    int capacity,
    int *_Nonnull count
);

/// Makes an anonymous file with the bytes, which nobody can change, to be read from its start.
///
/// @return A descriptor that is closed on exec, or the negative of an errno.
int csandbox_memory_file(const char *_Nonnull name, const void *_Nullable bytes, size_t length);

#endif
