#define _GNU_SOURCE

#include "confined_open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

// A rename anywhere on the system while `..` is resolved makes the kernel answer EAGAIN; giving up after some attempts
// keeps whoever renames in a loop from holding us up.
enum { maximum_attempts = 64 };

static int confined(int directory, const char *path, int flags, unsigned int mode)
{
    // A link in place of a directory is refused by RESOLVE_NO_SYMLINKS (ELOOP); O_NOFOLLOW would call it no directory.
    int nofollow = flags & O_DIRECTORY ? 0 : O_NOFOLLOW;
    struct open_how how = {
        .flags = (unsigned int)(flags | nofollow | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    for (int attempt = 0; attempt < maximum_attempts; attempt++) {
        long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (descriptor >= 0)
            return (int)descriptor;
        if (errno != EAGAIN && errno != EINTR)
            return -errno;
    }
    return -EAGAIN;
}

int clinux_confined_open(int directory, const char *path, bool only_directory)
{
    return confined(directory, path, O_RDONLY | (only_directory ? O_DIRECTORY : 0), 0);
}

int clinux_confined_append(int directory, const char *path)
{
    return confined(directory, path, O_WRONLY | O_APPEND, 0);
}

int clinux_confined_create(int directory, const char *path, unsigned int mode)
{
    return confined(directory, path, O_WRONLY | O_CREAT | O_EXCL, mode & 0777);
}
