#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
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

static int number_in(const char *path, const char *label, long long *number) {
    char text[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, text, sizeof(text) - 1);
    int error = length < 0 ? -errno : 0;
    close(file);
    if (error != 0) return error;
    text[length] = 0;
    const char *found = strstr(text, label);
    if (found == NULL) return -ESRCH;
    *number = strtoll(found + strlen(label), NULL, 10);
    return 0;
}

pid_t csandbox_process_of(int handle) {
    char path[64];
    long long number = 0;
    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", handle);
    int error = number_in(path, "\nPid:", &number);
    return error != 0 ? error : number > 0 ? (pid_t)number : -ESRCH;
}

int csandbox_usage(int handle, pid_t process, csandbox_ending *usage) {
    char path[64];
    long long kibibytes = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", process);
    int error = number_in(path, "\nVmHWM:", &kibibytes);
    if (error != 0) return error;
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return -ESRCH;
    // If it is still there, its number meant nobody else all the time.
    if ((error = csandbox_signal(handle, 0)) != 0) return error;
    *usage = (csandbox_ending){
        .processor_microseconds = (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000,
        .peak_bytes = kibibytes * 1024,
    };
    return 0;
}

int csandbox_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}
