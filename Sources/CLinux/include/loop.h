// epoll, eventfd and thread names, with plain types that Swift imports.

#ifndef CLINUX_LOOP_H
#define CLINUX_LOOP_H

#include <stdint.h>

// What a descriptor is ready for, or is watched for.
enum {
    CLINUX_READABLE = 1,
    CLINUX_WRITABLE = 2,
};

// One descriptor that is ready: the token it was added with, and what it is ready for.
// An error or a hang-up counts as ready for both, so that the next read or write reports it.
typedef struct {
    uint64_t token;
    uint32_t readiness;
} clinux_event;

// The most events that one call of clinux_epoll_wait returns.
enum { CLINUX_EVENTS_MAXIMUM = 128 };

// Each of these returns -1 and sets errno when it fails.
int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int descriptor, uint32_t readiness, uint64_t token);
int clinux_epoll_modify(int epoll, int descriptor, uint32_t readiness, uint64_t token);
int clinux_epoll_remove(int epoll, int descriptor);

// Waits for at most `milliseconds` (-1: for ever); an interrupted wait returns 0.
int clinux_epoll_wait(int epoll, clinux_event *events, int capacity, int milliseconds);

// A descriptor that wakes an epoll from any thread. It is watched edge-triggered: every signal is
// one event and nobody has to read the counter, which saves a system call for each wake-up.
int clinux_eventfd_create(void);
int clinux_epoll_add_eventfd(int epoll, int descriptor, uint64_t token);
void clinux_eventfd_signal(int descriptor);

// Names the calling thread for debuggers and `top -H`; the kernel keeps 15 bytes.
void clinux_name_thread(const char *name);

#endif
