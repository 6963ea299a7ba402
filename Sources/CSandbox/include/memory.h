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

#endif
