#define _GNU_SOURCE
#include "notification.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int csandbox_next_notification(int listener, csandbox_notification *notification) {
    // Newer kernels may have longer structures than these headers.
    union {
        struct seccomp_notif value;
        char bytes[512];
    } request;
    struct pollfd state = {.fd = listener, .events = POLLIN};
    if (poll(&state, 1, 0) < 0) return -errno;
    if (!(state.revents & POLLIN)) return state.revents & (POLLHUP | POLLERR | POLLNVAL) ? -EPIPE : -EAGAIN;
    memset(&request, 0, sizeof(request));
    // Whoever waited may have been killed since: that is ENOENT.
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0) return errno == ENOENT ? -EAGAIN : -errno;
    notification->id = request.value.id;
    notification->number = request.value.data.nr;
    notification->thread = (pid_t)request.value.pid;
    // The filter lets no clone of a thread come here that wants a namespace.
    notification->starts_thread =
        request.value.data.nr == SYS_clone && (request.value.data.args[0] & CLONE_THREAD) != 0;
    return 0;
}

void csandbox_answer_notification(int listener, uint64_t id, int error) {
    union {
        struct seccomp_notif_resp value;
        char bytes[512];
    } answer;
    memset(&answer, 0, sizeof(answer));
    answer.value.id = id;
    answer.value.error = -error;
    // What it does is in registers, which nobody else can change meanwhile.
    if (error == 0) answer.value.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0 || error != 0) return;
    // Kernels before 5.5 can only refuse.
    answer.value.flags = 0;
    answer.value.error = -EAGAIN;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

int csandbox_thread_count(pid_t thread) {
    char path[64], text[4096];
    snprintf(path, sizeof(path), "/proc/%d/status", thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, text, sizeof(text) - 1);
    close(file);
    if (length <= 0) return -EIO;
    text[length] = 0;
    const char *found = strstr(text, "\nThreads:");
    return found == NULL ? -EIO : atoi(found + strlen("\nThreads:"));
}
