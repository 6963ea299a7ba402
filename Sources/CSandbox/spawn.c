#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The child shares the parent's memory until it executes, as with vfork: only system calls, no library functions that
// keep state (setresuid of the C library would change the user of every thread of the parent).

typedef struct {
    const csandbox_program *program;
    sigset_t mask;
    int error;
} start;

enum { stack_size = 64 * 1024, first_spare_descriptor = 256 };

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < 65; signal++) {
        if (signal != SIGKILL && signal != SIGSTOP) sigaction(signal, &standard, NULL);
    }
}

static int map_descriptors(const csandbox_program *program) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return -errno;
    int moved[program->descriptor_count];
    // Out of the way first: a target may be the source of another one.
    for (int index = 0; index < program->descriptor_count; index++) {
        int source = program->descriptors[index] < 0 ? nothing : program->descriptors[index];
        moved[index] = fcntl(source, F_DUPFD_CLOEXEC, first_spare_descriptor);
        if (moved[index] < 0) return -errno;
    }
    for (int index = 0; index < program->descriptor_count; index++) {
        if (dup2(moved[index], index) < 0) return -errno;
    }
    // CLOSE_RANGE_UNSHARE is not needed: the table is the child's own.
    if (syscall(SYS_close_range, program->descriptor_count, ~0U, 0) == 0) return 0;
    if (errno != ENOSYS) return -errno;
    for (int descriptor = program->descriptor_count; descriptor < 65536; descriptor++) close(descriptor);
    return 0;
}

static int change_user(const csandbox_program *program) {
    if (!program->changes_user) return 0;
    if (syscall(SYS_setgroups, 0, NULL) < 0) return -errno;
    if (syscall(SYS_setresgid, program->group, program->group, program->group) < 0) return -errno;
    if (syscall(SYS_setresuid, program->user, program->user, program->user) < 0) return -errno;
    return 0;
}

static int run_child(void *argument) {
    start *self = argument;
    const csandbox_program *program = self->program;
    reset_signals();
    if ((self->error = map_descriptors(program)) != 0) _exit(127);
    if ((self->error = change_user(program)) != 0) _exit(127);
    // After the change of user, which clears it.
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (chdir(program->directory) < 0) goto failed;
    // A session of its own: no terminal's signals, and none for its group.
    setsid();
    // What a command writes to the workspace is for those who work there.
    umask(022);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->arguments, program->environment);
failed:
    self->error = -errno;
    _exit(127);
}

int csandbox_spawn(const csandbox_program *program, pid_t *process, int *handle) {
    void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -errno;
    start self = {.program = program};
    sigset_t all;
    // No handler of the parent may run in the child, on shared memory.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &self.mask);
    int descriptor = -1;
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    pid_t child = clone(run_child, (char *)stack + stack_size, flags, &self, &descriptor);
    int error = child < 0 ? -errno : self.error;
    pthread_sigmask(SIG_SETMASK, &self.mask, NULL);
    munmap(stack, stack_size);
    if (child < 0) return error;
    if (error != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        close(descriptor);
        return error;
    }
    *process = child;
    *handle = descriptor;
    return 0;
}
