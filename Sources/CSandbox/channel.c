#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int csandbox_message_sockets(int pair[2]) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return -errno;
    return fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

int csandbox_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

ssize_t csandbox_receive(int socket, void *bytes, size_t length, int *descriptors, int capacity, int *count) {
    union {
        char bytes[CMSG_SPACE(sizeof(int) * CSANDBOX_DESCRIPTORS_MAXIMUM)];
        struct cmsghdr alignment;
    } control;
    if (capacity > CSANDBOX_DESCRIPTORS_MAXIMUM) capacity = CSANDBOX_DESCRIPTORS_MAXIMUM;
    struct iovec vector = {.iov_base = bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (capacity > 0) {
        message.msg_control = control.bytes;
        // The kernel closes what does not fit.
        message.msg_controllen = CMSG_LEN(sizeof(int) * (size_t)capacity);
    }
    *count = 0;
    ssize_t received;
    do {
        received = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        int given = (int)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int index = 0; index < given; index++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(part) + sizeof(int) * (size_t)index, sizeof(int));
            if (*count < capacity) {
                descriptors[(*count)++] = descriptor;
            } else {
                close(descriptor);
            }
        }
    }
    return received;
}

int csandbox_memory_file(const char *name, const void *bytes, size_t length) {
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return -errno;
    size_t written = 0;
    while (written < length) {
        ssize_t count = pwrite(file, (const char *)bytes + written, length - written, (off_t)written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            int error = -errno;
            close(file);
            return error;
        }
        written += (size_t)count;
    }
    fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    return file;
}
