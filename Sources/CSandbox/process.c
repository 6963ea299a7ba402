#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int csandbox_signal(int handle, int signal) {
    return syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0) < 0 ? -errno : 0;
}

int csandbox_handle(pid_t process) {
    long handle = syscall(SYS_pidfd_open, process, 0);
    return handle < 0 ? -errno : (int)handle;
}

int csandbox_reap(pid_t process, csandbox_ending *ending) {
    int status = 0;
    struct rusage usage = {0};
    pid_t reaped;
    do {
        reaped = wait4(process, &status, WNOHANG, &usage);
    } while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -errno;
    if (reaped == 0) return -EAGAIN;
    ending->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ending->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending->processor_microseconds = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000
        + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    ending->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
    return 0;
}

int csandbox_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}
