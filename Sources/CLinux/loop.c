#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct epoll_event request(uint32_t readiness, uint64_t token) {
    struct epoll_event event = {0};
    if (readiness & CLINUX_READABLE) event.events |= EPOLLIN;
    if (readiness & CLINUX_WRITABLE) event.events |= EPOLLOUT;
    event.data.u64 = token;
    return event;
}

int clinux_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int clinux_epoll_add(int epoll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = request(readiness, token);
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int clinux_epoll_modify(int epoll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = request(readiness, token);
    return epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
}

int clinux_epoll_remove(int epoll, int descriptor) {
    struct epoll_event unused = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused);
}

int clinux_epoll_wait(int epoll, clinux_event *events, int capacity, int milliseconds) {
    struct epoll_event ready[CLINUX_EVENTS_MAXIMUM];
    if (capacity > CLINUX_EVENTS_MAXIMUM) capacity = CLINUX_EVENTS_MAXIMUM;
    int count = epoll_wait(epoll, ready, capacity, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int index = 0; index < count; index++) {
        uint32_t mask = ready[index].events;
        uint32_t readiness = 0;
        if (mask & (EPOLLERR | EPOLLHUP)) readiness = CLINUX_READABLE | CLINUX_WRITABLE;
        if (mask & EPOLLIN) readiness |= CLINUX_READABLE;
        if (mask & EPOLLOUT) readiness |= CLINUX_WRITABLE;
        events[index].token = ready[index].data.u64;
        events[index].readiness = readiness;
    }
    return count;
}

int clinux_eventfd_create(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void clinux_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    // It can only fail when the counter is full, and then the descriptor is readable already.
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

int clinux_epoll_add_eventfd(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void clinux_name_thread(const char *name) {
    char kept[16];
    strncpy(kept, name, sizeof kept - 1);
    kept[sizeof kept - 1] = 0;
    pthread_setname_np(pthread_self(), kept);
}
