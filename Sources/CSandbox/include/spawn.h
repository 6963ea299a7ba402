#ifndef CSANDBOX_SPAWN_H
#define CSANDBOX_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A program to be started: nothing of the calling process gets into it but what is named here.
typedef struct {
    /// Absolute path of the executable.
    const char *_Nonnull path;
    /// Arguments with the program's name first, the last one NULL.
    char *_Nullable const *_Nonnull arguments;
    /// The whole environment, the last one NULL.
    char *_Nullable const *_Nonnull environment;
    /// What becomes descriptor 0, 1, 2 and so on; -1 is /dev/null. All others are closed.
    const int *_Nonnull descriptors;
    int descriptor_count;
    /// The directory it starts in.
    const char *_Nonnull directory;
    /// Whether it becomes `user` and `group`, without supplementary groups.
    bool changes_user;
    uid_t user;
    gid_t group;
} csandbox_program;

/// Starts a program.
///
/// It dies with the calling *thread*, so that it has to be called on one that lives as long as the program.
///
/// @param process  Set to the new process.
/// @param handle   Set to a descriptor of the process (pidfd).
/// @return 0, or the negative of an errno, also when the program could not be executed.
int csandbox_spawn(const csandbox_program *_Nonnull program, pid_t *_Nonnull process, int *_Nonnull handle);

#endif
