#define _GNU_SOURCE
#include "filter.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))
#define NONE ((struct scmp_arg_cmp){.arg = 0})
// Arguments that are ints are compared on their 32 bits: the kernel ignores what stands above.
#define LOW_32 0xffffffffu

enum { set_id_bits = 06000, new_time_namespace = 0x80, rename_whiteout = 4, open_nameless = O_TMPFILE & ~O_DIRECTORY };

enum {
    namespace_flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
        | CLONE_NEWCGROUP | new_time_namespace
};

// What Python's standard library needs, threads and asyncio included.
static const char *const function_calls[] = {
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "close", "close_range", "fstat",
    "newfstatat", "stat", "lstat", "statx", "statfs", "fstatfs", "lseek", "munmap", "mremap", "madvise", "brk",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigpending",
    "sigaltstack", "restart_syscall", "access", "faccessat", "faccessat2", "pipe", "pipe2", "select", "pselect6",
    "poll", "ppoll", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2",
    "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "dup", "dup2", "dup3", "fsync", "fdatasync",
    "ftruncate", "getdents64", "getcwd", "chdir", "fchdir", "rename", "renameat", "mkdir", "mkdirat",
    "rmdir", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat",
    "readlink", "readlinkat", "umask", "copy_file_range", "sendfile", "gettimeofday", "clock_gettime", "clock_getres",
    "clock_nanosleep", "nanosleep", "time", "times", "getrlimit", "getrusage", "sysinfo", "uname", "getuid", "geteuid",
    "getgid", "getegid", "getresuid", "getresgid", "getgroups", "getpid", "gettid", "getppid", "getpgrp",
    "sched_yield", "getcpu", "getrandom", "futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address",
    "membarrier", "exit", "exit_group", "recvfrom", "recvmsg", "sendmsg", "shutdown", "alarm", "setitimer",
    "getitimer", "pause",
};

// What only an attacker calls: worth a record. Python itself calls none of it on behalf of an allowed module.
static const char *const function_attacks[] = {
    "socket", "connect", "bind", "listen", "accept", "accept4", "execve", "execveat", "fork", "vfork", "kill", "tkill",
    "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal", "pidfd_getfd", "ptrace",
    "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "mount", "umount2", "pivot_root", "chroot",
    "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount", "mount_setattr", "unshare", "setns", "bpf",
    "perf_event_open", "userfaultfd", "memfd_create", "memfd_secret", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module",
    "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "open_by_handle_at", "name_to_handle_at",
    "fanotify_init", "iopl", "ioperm", "settimeofday", "clock_settime", "adjtimex", "sethostname", "setdomainname",
    "personality", "seccomp", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
    "setfsuid", "setfsgid", "capset", "setrlimit", "shmget", "shmat", "msgget", "semget", "mq_open", "syslog", "acct",
    "quotactl", "mknod", "mknodat", "chown", "fchown", "lchown", "fchownat", "setxattr", "lsetxattr", "fsetxattr",
    "modify_ldt", "uselib", "vhangup",
};

static const char *const shell_refusals[] = {
    "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount",
    "mount_setattr", "unshare", "setns", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp",
    "pidfd_getfd", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "swapon", "swapoff", "quotactl", "quotactl_fd", "acct", "syslog", "nfsservctl",
    "open_by_handle_at", "name_to_handle_at", "fanotify_init", "lookup_dcookie", "iopl", "ioperm", "settimeofday",
    "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "vhangup", "personality", "mbind",
    "migrate_pages", "move_pages", "set_mempolicy", "get_mempolicy", "shmget", "shmat", "shmctl", "msgget", "msgsnd",
    "msgrcv", "msgctl", "semget", "semop", "semctl", "semtimedop", "mq_open", "uselib", "_sysctl", "sysfs", "ustat",
    "vm86", "modify_ldt", "memfd_secret",
};

typedef struct {
    scmp_filter_ctx context;
    int error;
} filter;

static void rule(filter *self, uint32_t action, const char *name, unsigned count, struct scmp_arg_cmp first,
                 struct scmp_arg_cmp second) {
    int number = seccomp_syscall_resolve_name(name);
    // A call that this machine's architecture or this library does not know cannot be named, hence not be made.
    if (number == __NR_SCMP_ERROR || self->error != 0) return;
    struct scmp_arg_cmp comparisons[2] = {first, second};
    int result = seccomp_rule_add_array(self->context, action, number, count, comparisons);
    if (result < 0 && result != -EEXIST) self->error = result;
}

static void allow(filter *self, const char *name) { rule(self, SCMP_ACT_ALLOW, name, 0, NONE, NONE); }

static void allow_if(filter *self, const char *name, struct scmp_arg_cmp comparison) {
    rule(self, SCMP_ACT_ALLOW, name, 1, comparison, NONE);
}

static void refuse(filter *self, const char *name, int error) {
    rule(self, SCMP_ACT_ERRNO(error), name, 0, NONE, NONE);
}

static void refuse_if(filter *self, const char *name, struct scmp_arg_cmp comparison) {
    rule(self, SCMP_ACT_ERRNO(EPERM), name, 1, comparison, NONE);
}

/// Room that is taken without being written to: gigabytes in milliseconds, before anybody can look.
static void refuse_to_reserve(filter *self) { refuse(self, "fallocate", EOPNOTSUPP); }

/// Opens, by a call whose flags are the argument of this number and its mode the next one.
static void add_open(filter *self, const char *name, unsigned flags) {
    const int creates = O_CREAT | open_nameless;
    // What is opened to be read is not cut short by it: Landlock knows of that from its third version (Linux 6.2) on.
    const int masks[] = {O_ACCMODE | O_TRUNC, O_ACCMODE, O_ACCMODE}, values[] = {O_RDONLY, O_WRONLY, O_RDWR};
    for (size_t index = 0; index < LENGTH(masks); index++) {
        allow_if(self, name, SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, creates | masks[index], values[index]));
        rule(self, SCMP_ACT_ALLOW, name, 2, SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, masks[index], values[index]),
             SCMP_CMP(flags + 1, SCMP_CMP_MASKED_EQ, set_id_bits, 0));
    }
}

/// Files without set-user-ID bits, which would act as their owner outside of the sandbox.
static void add_files(filter *self, bool is_bare) {
    // Without mounts there is but Landlock to keep a file from being changed, and it knows nothing of modes and times,
    // before its third version not of truncating by a path either.
    if (!is_bare) {
        allow_if(self, "chmod", SCMP_A1(SCMP_CMP_MASKED_EQ, set_id_bits, 0));
        allow_if(self, "fchmod", SCMP_A1(SCMP_CMP_MASKED_EQ, set_id_bits, 0));
        allow_if(self, "fchmodat", SCMP_A2(SCMP_CMP_MASKED_EQ, set_id_bits, 0));
        allow(self, "utimensat");
        allow(self, "truncate");
    }
    allow_if(self, "creat", SCMP_A1(SCMP_CMP_MASKED_EQ, set_id_bits, 0));
    // Not what leaves a device in the place of the old name.
    for (unsigned flags = 0; flags < rename_whiteout; flags++) {
        allow_if(self, "renameat2", SCMP_A4(SCMP_CMP_MASKED_EQ, LOW_32, flags));
    }
    refuse_to_reserve(self);
    add_open(self, "open", 1);
    add_open(self, "openat", 2);
    // Their arguments are in memory, where a filter cannot look.
    refuse(self, "openat2", ENOSYS);
    refuse(self, "fchmodat2", ENOSYS);
    // Copying a file asks for its extended attributes first, and goes on when there are none.
    static const char *const attributes[] = {
        "listxattr", "llistxattr", "flistxattr", "getxattr", "lgetxattr", "fgetxattr",
    };
    for (size_t index = 0; index < LENGTH(attributes); index++) refuse(self, attributes[index], ENOTSUP);
}

/// Threads of its own, and no other process.
///
/// The service counts the threads of a call: the kernel's own limit is one for all workers together.
static void add_processes(filter *self, bool notifies) {
    static const char *const self_only[] = {
        "getpgid", "getsid", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    };
    for (size_t index = 0; index < LENGTH(self_only); index++) {
        allow_if(self, self_only[index], SCMP_A0_32(SCMP_CMP_EQ, 0));
        allow_if(self, self_only[index], SCMP_A0_32(SCMP_CMP_EQ, CSANDBOX_OWN_PROCESS));
    }
    rule(self, notifies ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW, "clone", 1,
         SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespace_flags | CLONE_THREAD, CLONE_THREAD), NONE);
    // The C library goes back to clone, whose flags a filter can see.
    refuse(self, "clone3", ENOSYS);
    allow_if(self, "prlimit64", SCMP_A0_32(SCMP_CMP_EQ, 0));
    allow_if(self, "tgkill", SCMP_A0_32(SCMP_CMP_EQ, CSANDBOX_OWN_PROCESS));
    const unsigned options[] = {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP};
    for (size_t index = 0; index < LENGTH(options); index++) {
        allow_if(self, "prctl", SCMP_A0(SCMP_CMP_MASKED_EQ, LOW_32, options[index]));
    }
}

/// No memory that is both written and executed, nor one after the other.
static void add_memory(filter *self) {
    allow_if(self, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rule(self, SCMP_ACT_ALLOW, "mmap", 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
         SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
    allow_if(self, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static void add_descriptors(filter *self) {
    const unsigned controls[] = {FIOCLEX, FIONCLEX, FIONBIO, FIONREAD, TCGETS, TIOCGWINSZ};
    for (size_t index = 0; index < LENGTH(controls); index++) {
        allow_if(self, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, controls[index]));
    }
    const unsigned commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL,
                                 F_SETFL, F_GETLK, F_SETLK, F_SETLKW};
    for (size_t index = 0; index < LENGTH(commands); index++) {
        allow_if(self, "fcntl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, commands[index]));
    }
    // asyncio wakes its loop through a pair of sockets.
    rule(self, SCMP_ACT_ALLOW, "socketpair", 2, SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
         SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM));
    allow_if(self, "sendto", SCMP_A4(SCMP_CMP_EQ, 0));
}

static void build_function(filter *self, bool is_bare, bool notifies) {
    for (size_t index = 0; index < LENGTH(function_calls); index++) allow(self, function_calls[index]);
    add_files(self, is_bare);
    add_processes(self, notifies);
    add_memory(self);
    add_descriptors(self);
    if (!notifies) return;
    for (size_t index = 0; index < LENGTH(function_attacks); index++) {
        rule(self, SCMP_ACT_NOTIFY, function_attacks[index], 0, NONE, NONE);
    }
    rule(self, SCMP_ACT_NOTIFY, "clone", 1, SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0), NONE);
}

static void build_shell(filter *self) {
    for (size_t index = 0; index < LENGTH(shell_refusals); index++) refuse(self, shell_refusals[index], EPERM);
    refuse(self, "clone3", ENOSYS);
    const int namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
                              CLONE_NEWCGROUP, new_time_namespace};
    for (size_t index = 0; index < LENGTH(namespaces); index++) {
        refuse_if(self, "clone", SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespaces[index], namespaces[index]));
    }
    refuse_if(self, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, TIOCSTI));
    refuse_if(self, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, TIOCLINUX));
    const int bits[] = {04000, 02000};
    for (size_t index = 0; index < LENGTH(bits); index++) {
        const int bit = bits[index];
        refuse_if(self, "chmod", SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
        refuse_if(self, "fchmod", SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
        refuse_if(self, "fchmodat", SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
        refuse_if(self, "mknod", SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
        refuse_if(self, "mknodat", SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
        refuse_if(self, "creat", SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
        rule(self, SCMP_ACT_ERRNO(EPERM), "open", 2, SCMP_A1(SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT),
             SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
        rule(self, SCMP_ACT_ERRNO(EPERM), "openat", 2, SCMP_A2(SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT),
             SCMP_A3(SCMP_CMP_MASKED_EQ, bit, bit));
        // A file without a name gets one later.
        rule(self, SCMP_ACT_ERRNO(EPERM), "open", 2, SCMP_A1(SCMP_CMP_MASKED_EQ, open_nameless, open_nameless),
             SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
        rule(self, SCMP_ACT_ERRNO(EPERM), "openat", 2, SCMP_A2(SCMP_CMP_MASKED_EQ, open_nameless, open_nameless),
             SCMP_A3(SCMP_CMP_MASKED_EQ, bit, bit));
    }
    // A whiteout is a device.
    const int devices[] = {S_IFCHR, S_IFBLK};
    for (size_t index = 0; index < LENGTH(devices); index++) {
        refuse_if(self, "mknod", SCMP_A1(SCMP_CMP_MASKED_EQ, S_IFMT, devices[index]));
        refuse_if(self, "mknodat", SCMP_A2(SCMP_CMP_MASKED_EQ, S_IFMT, devices[index]));
    }
    refuse_if(self, "renameat2", SCMP_A4(SCMP_CMP_MASKED_EQ, rename_whiteout, rename_whiteout));
    refuse_to_reserve(self);
    // Sockets count with the room that they have by default: asking for more changes nothing.
    const int rooms[] = {SO_SNDBUF, SO_RCVBUF};
    for (size_t index = 0; index < LENGTH(rooms); index++) {
        rule(self, SCMP_ACT_ERRNO(0), "setsockopt", 2, SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, SOL_SOCKET),
             SCMP_A2(SCMP_CMP_MASKED_EQ, LOW_32, rooms[index]));
    }
    refuse(self, "openat2", ENOSYS);
    refuse(self, "fchmodat2", ENOSYS);
    // Memory that no process need have mapped, hence nobody would see; /dev/shm has a size.
    refuse(self, "memfd_create", ENOSYS);
    // An empty network namespace does not cover vsock, netlink and the like.
    for (int family = 0; family <= 45; family++) {
        if (family == AF_UNIX || family == AF_INET || family == AF_INET6) continue;
        rule(self, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", 1, SCMP_A0_32(SCMP_CMP_EQ, family), NONE);
    }
    rule(self, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", 1, SCMP_A0_32(SCMP_CMP_GT, 45), NONE);
}

int csandbox_filter(csandbox_filter_kind kind, bool notifies) {
    const bool is_shell = kind == CSANDBOX_FILTER_SHELL;
    filter self = {.context = seccomp_init(is_shell ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM))};
    if (self.context == NULL) return -ENOMEM;
    if (is_shell) {
        build_shell(&self);
    } else {
        build_function(&self, kind == CSANDBOX_FILTER_FUNCTION_BARE, notifies);
    }
    int error = self.error;
    // Calls of another architecture have other numbers.
    if (error == 0) error = seccomp_attr_set(self.context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    // A binary tree: the list is long.
    if (error == 0) error = seccomp_attr_set(self.context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    int file = error == 0 ? memfd_create("filter", MFD_CLOEXEC) : -1;
    if (error == 0 && file < 0) error = -errno;
    if (error == 0) error = seccomp_export_bpf(self.context, file);
    if (error == 0 && lseek(file, 0, SEEK_SET) < 0) error = -errno;
    seccomp_release(self.context);
    if (error == 0) return file;
    if (file >= 0) close(file);
    return error;
}

char *csandbox_system_call_name(int number) {
    return seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
}
