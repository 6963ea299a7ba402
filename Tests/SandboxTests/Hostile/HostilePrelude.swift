extension HostileStep {
    /// The words that attacks are written with.
    ///
    /// `attempt` makes an attempt and tells how it was refused, by the name of the error; an attempt that was not refused
    /// is a breach. `kernel` makes a system call past the C library.
    static let prelude = #"""
        import ctypes, errno, os
        def attempt(action, *arguments, **named):
            try:
                value = action(*arguments, **named)
            except OSError as error:
                return errno.errorcode.get(error.errno, type(error).__name__)
            except BaseException as error:
                return type(error).__name__
            return "BREACH: " + repr(value)[:200]
        def read(path):
            with open(path, "rb") as file:
                return file.read(1000)
        def write(path, data=b"owned"):
            with open(path, "wb") as file:
                return file.write(data)
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        numbers = {
            "x86_64": dict(
                mprotect=10, ioctl=16, mremap=25, shmget=29, clone=56, fork=57, vfork=58, kill=62, semget=64, msgget=68,
                ptrace=101, syslog=103, setuid=105, setgroups=116, setresuid=117, capset=126, rt_sigqueueinfo=129,
                personality=135, modify_ldt=154, pivot_root=155, prctl=157, adjtimex=159, chroot=161, acct=163,
                settimeofday=164, mount=165, umount2=166, swapon=167, reboot=169, sethostname=170, iopl=172,
                ioperm=173, init_module=175, quotactl=179, tkill=200, remap_file_pages=216, clock_settime=227,
                tgkill=234, mq_open=240, kexec_load=246, add_key=248, request_key=249, keyctl=250, inotify_init=294,
                unshare=272, vmsplice=278, perf_event_open=298, fanotify_init=300, name_to_handle_at=303,
                open_by_handle_at=304, setns=308, process_vm_readv=310, process_vm_writev=311, kcmp=312,
                finit_module=313, seccomp=317, memfd_create=319, bpf=321, execveat=322, userfaultfd=323,
                pkey_mprotect=329, mknodat=259),
            "aarch64": dict(
                mprotect=226, ioctl=29, mremap=216, shmget=194, clone=220, fork=1079, vfork=1071, kill=129, semget=190,
                msgget=186, ptrace=117, syslog=116, setuid=146, setgroups=159, setresuid=147, capset=91,
                rt_sigqueueinfo=138, personality=92, modify_ldt=-1, pivot_root=41, prctl=167, adjtimex=171, chroot=51,
                acct=89, settimeofday=170, mount=40, umount2=39, swapon=224, reboot=142, sethostname=161, iopl=-1,
                ioperm=-1, init_module=105, quotactl=60, tkill=130, remap_file_pages=234, clock_settime=112,
                tgkill=131, mq_open=180, kexec_load=104, add_key=217, request_key=218, keyctl=219, inotify_init=-1,
                unshare=97, vmsplice=75, perf_event_open=241, fanotify_init=262, name_to_handle_at=264,
                open_by_handle_at=265, setns=268, process_vm_readv=270, process_vm_writev=271, kcmp=272,
                finit_module=273, seccomp=277, memfd_create=279, bpf=280, execveat=281, userfaultfd=282,
                pkey_mprotect=288, mknodat=33),
        }[os.uname().machine]
        numbers.update(
            pidfd_send_signal=424, io_uring_setup=425, io_uring_enter=426, io_uring_register=427, open_tree=428,
            move_mount=429, fsopen=430, pidfd_open=434, clone3=435, openat2=437, pidfd_getfd=438, process_madvise=440,
            mount_setattr=442, landlock_create_ruleset=444, memfd_secret=447, fchmodat2=452)
        def kernel(name, *arguments):
            values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
            ctypes.set_errno(0)
            result = libc.syscall(ctypes.c_long(numbers[name]), *values)
            if result == -1:
                raise OSError(ctypes.get_errno(), name)
            return result
        def kernels(*names):
            return {name: attempt(kernel, name, 0, 0, 0, 0, 0) for name in names}

        """#
}
