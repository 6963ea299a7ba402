#define _GNU_SOURCE
#include "notification.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

int csandbox_refuse_next(int listener) {
    // Newer kernels may have longer structures than these headers.
    union {
        struct seccomp_notif value;
        char bytes[512];
    } request;
    union {
        struct seccomp_notif_resp value;
        char bytes[512];
    } answer;
    struct pollfd state = {.fd = listener, .events = POLLIN};
    if (poll(&state, 1, 0) < 0) return -errno;
    if (!(state.revents & POLLIN)) return state.revents & (POLLHUP | POLLERR | POLLNVAL) ? -EPIPE : -EAGAIN;
    memset(&request, 0, sizeof(request));
    // Whoever waited may have been killed since: that is ENOENT.
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0) return errno == ENOENT ? -EAGAIN : -errno;
    memset(&answer, 0, sizeof(answer));
    answer.value.id = request.value.id;
    answer.value.error = -EPERM;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    return request.value.data.nr;
}
