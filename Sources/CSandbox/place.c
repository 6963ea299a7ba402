#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// A rename anywhere on the system may make the kernel answer EAGAIN; whoever renames in a loop does not hold us up.
enum { maximum_attempts = 64 };

int csandbox_open_place(const char *directory, const char *path) {
    int root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return -errno;
    struct open_how how = {
        .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    long place = -1;
    int error = EAGAIN;
    for (int attempt = 0; attempt < maximum_attempts && place < 0; attempt++) {
        place = syscall(SYS_openat2, root, path, &how, sizeof how);
        error = errno;
        if (place < 0 && error != EAGAIN && error != EINTR) break;
    }
    close(root);
    if (place < 0) return -error;
    // With O_PATH the kernel opens a link itself that stands at the end.
    struct stat status;
    error = fstat((int)place, &status) < 0 ? errno : S_ISLNK(status.st_mode) ? ELOOP : 0;
    if (error == 0) return (int)place;
    close((int)place);
    return -error;
}
