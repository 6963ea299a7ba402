#define _GNU_SOURCE
#include "memory.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { label_count = 3 };

typedef struct {
    const char *file;
    // In KiB; each stands at the start of a line.
    const char *labels[label_count];
} source;

// Pages that processes have in common count for each of them: quick, and never too little.
static const source estimate = {"status", {"\nRssAnon:", "\nRssShmem:", "\nVmSwap:"}};
// They count once: the kernel walks all pages.
static const source exact = {"smaps_rollup", {"\nPss_Anon:", "\nPss_Shmem:", "\nSwapPss:"}};

int csandbox_processes(pid_t first) {
    char path[64], target[16];
    snprintf(path, sizeof(path), "/proc/%d/root/proc", first);
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    // Whoever is not in the namespace has no number there. It is the machine's own /proc otherwise.
    if (readlinkat(directory, "self", target, sizeof(target)) < 0 && errno == ENOENT) return directory;
    close(directory);
    return -EXDEV;
}

static int read_file(int directory, const char *process, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof(path), "%.20s/%s", process, name);
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, text, size - 1);
    int error = length < 0 ? -errno : 0;
    close(file);
    text[length < 0 ? 0 : length] = 0;
    return error;
}

/// Memory of one process, 0 if it is gone.
static int64_t memory_of(int directory, const char *process, const source *source) {
    char text[4096];
    int error = read_file(directory, process, source->file, text, sizeof(text));
    if (error != 0) return error == -ENOENT || error == -ESRCH ? 0 : error;
    int64_t kibibytes = 0;
    for (int index = 0; index < label_count; index++) {
        const char *found = strstr(text, source->labels[index]);
        // Kernels before 5.4 do not tell private and shared memory from files there; what has ended tells nothing.
        if (found == NULL && source == &exact) return -ENOTSUP;
        if (found != NULL) kibibytes += strtoll(found + strlen(source->labels[index]), NULL, 10);
    }
    return kibibytes * 1024;
}

typedef int64_t (*measure)(int directory, const char *process, const void *context);

/// The sum of a figure of all processes; no more is counted when it is more than enough.
static int64_t sum_of_all(int processes, measure figure, const void *context, int64_t enough) {
    // A descriptor of its own, as closing the directory closes it.
    int copy = openat(processes, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return -errno;
    DIR *directory = fdopendir(copy);
    if (directory == NULL) {
        close(copy);
        return -ENOMEM;
    }
    int64_t sum = 0;
    struct dirent *entry;
    while (sum >= 0 && sum <= enough && (entry = readdir(directory)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        int64_t bytes = figure(processes, entry->d_name, context);
        sum = bytes < 0 ? bytes : sum + bytes;
    }
    closedir(directory);
    return sum;
}

static int64_t memory_by(int directory, const char *process, const void *context) {
    return memory_of(directory, process, context);
}

int64_t csandbox_memory(int processes, bool is_exact, int64_t enough) {
    return sum_of_all(processes, memory_by, is_exact ? &exact : &estimate, enough);
}

// What a socket may hold by default on a machine that nobody tuned, with what the kernel adds. The windows of a TCP
// connection grow while its ends read: 6.4 MB a socket were measured over loopback.
enum { socket_bytes = 224 << 10, tcp_bytes = 6600 << 10, free_sockets = 256, free_tcp_sockets = 96 };

static int64_t count_after(const char *text, const char *label) {
    const char *found = strstr(text, label);
    return found == NULL ? 0 : strtoll(found + strlen(label), NULL, 10);
}

static int64_t beyond(int64_t count, int64_t free) { return count > free ? count - free : 0; }

int64_t csandbox_socket_memory(int processes) {
    char text[4096], six[4096];
    int error = read_file(processes, "1", "net/sockstat", text, sizeof(text));
    if (error != 0) return error == -ENOENT || error == -ESRCH || error == -EINVAL ? 0 : error;
    if (read_file(processes, "1", "net/sockstat6", six, sizeof(six)) != 0) six[0] = 0;
    int64_t all = count_after(text, "sockets: used ");
    int64_t tcp = count_after(text, "\nTCP: inuse ") + count_after(six, "TCP6: inuse ");
    return beyond(all - tcp, free_sockets) * socket_bytes + beyond(tcp, free_tcp_sockets) * tcp_bytes;
}

static int64_t written_by(int directory, const char *process, const void *context) {
    (void)context;
    char text[1024];
    int error = read_file(directory, process, "io", text, sizeof(text));
    if (error != 0) return error == -ENOENT || error == -ESRCH ? 0 : error;
    return count_after(text, "\nwrite_bytes: ");
}

int64_t csandbox_written(int processes) { return sum_of_all(processes, written_by, NULL, INT64_MAX); }

int64_t csandbox_written_by(pid_t process) {
    char name[32];
    snprintf(name, sizeof(name), "/proc/%d", process);
    return written_by(AT_FDCWD, name, NULL);
}

int csandbox_look_at_room(const char *path, csandbox_room *room) {
    struct statvfs status;
    if (statvfs(path, &status) < 0) return -errno;
    room->total_bytes = (uint64_t)status.f_blocks * status.f_frsize;
    room->free_bytes = (uint64_t)status.f_bavail * status.f_frsize;
    room->total_files = status.f_files;
    room->free_files = status.f_favail;
    return 0;
}
