#ifndef CSANDBOX_MEMORY_H
#define CSANDBOX_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// The processes of a namespace, as its own /proc lists them.
///
/// @param first Process 1 of the namespace, as this process's namespace numbers it; its mounts have to stand.
/// @return A descriptor of the directory, or the negative of an errno: EACCES when this process may not look into it, EXDEV
/// when it is no other namespace's.
int csandbox_processes(pid_t first);

/// The memory that all processes of a namespace use: their own and shared, swapped out or not, no files.
///
/// @param processes A directory of @c csandbox_processes.
/// @param is_exact Whether what processes share counts once, which takes milliseconds for each gigabyte; it counts for each
/// of them otherwise.
/// @param enough No more is counted when it is more than this.
/// @return Bytes, or the negative of an errno: EACCES when it cannot be told so exactly.
int64_t csandbox_memory(int processes, bool is_exact, int64_t enough);

/// The memory that the kernel may keep for the sockets of a namespace's processes, if all of them are full.
///
/// The first of them do not count: it is those of a program that uses sockets, and not of one that fills them.
///
/// @param processes A directory of @c csandbox_processes.
/// @return Bytes, or the negative of an errno.
int64_t csandbox_socket_memory(int processes);

/// The bytes that the processes of a namespace, and those of theirs that have ended, have written to file systems on disks.
///
/// @param processes A directory of @c csandbox_processes.
/// @return Bytes, or the negative of an errno.
int64_t csandbox_written(int processes);

/// The same of one process.
///
/// @param process Its number in this process's namespace.
int64_t csandbox_written_by(pid_t process);

/// What is left of a file system.
typedef struct {
    uint64_t total_bytes;
    uint64_t free_bytes;
    /// 0 where the file system makes room for files as they come.
    uint64_t total_files;
    uint64_t free_files;
} csandbox_room;

/// Measures the file system of a path.
///
/// @return 0, or the negative of an errno.
int csandbox_look_at_room(const char *path, csandbox_room *room);

#endif
