import Sandbox
import SandboxProbe

extension HostileCase {
    /// Files of the host, of the service and of others; what may not be written.
    static let files: [HostileCase] = [
        HostileCase(
            .files,
            "reads the host's accounts",
            .python(
                #"""
                return {name: attempt(read, "/etc/" + name) for name in ("passwd", "shadow", "group", "ssh/sshd_config")}
                """#,
                answers: ["passwd": absent, "shadow": absent, "group": absent, "ssh/sshd_config": absent]
            )
        ),
        HostileCase(
            .files,
            "lists the homes",
            .python(
                #"""
                return {path: attempt(os.listdir, path) for path in ("/root", "/home", "/var", "/opt", "/mnt", "/run")}
                """#,
                answers: [
                    "/root": absent, "/home": absent, "/var": absent, "/opt": absent, "/mnt": absent, "/run": absent,
                ]
            )
        ),
        HostileCase(
            .files,
            "looks into /proc",
            .python(
                #"""
                return {
                    "list": attempt(os.listdir, "/proc/1"), "maps": attempt(read, "/proc/self/maps"),
                    "root": attempt(read, "/proc/self/root/etc/passwd"), "mem": attempt(open, "/proc/self/mem", "r+b"),
                    "host": attempt(read, "/proc/@PID@/cmdline"), "kcore": attempt(read, "/proc/kcore"),
                }
                """#,
                answers: [
                    "list": absent, "maps": absent, "root": absent, "mem": absent, "host": absent, "kcore": absent,
                ]
            )
        ),
        HostileCase(
            .files,
            "looks into /sys and at the kernel's log",
            .python(
                #"""
                return {
                    "sys": attempt(os.listdir, "/sys"), "cgroup": attempt(os.listdir, "/sys/fs/cgroup"),
                    "kmsg": attempt(read, "/dev/kmsg"), "syslog": attempt(kernel, "syslog", 3, 0, 0),
                }
                """#,
                answers: ["sys": absent, "cgroup": absent, "kmsg": absent, "syslog": "EPERM"],
                records: ["syslog"]
            )
        ),
        HostileCase(
            .files,
            "takes over the handling of crashes",
            .python(
                #"""
                pattern = b"|/workspace/owned"
                return {
                    "core_pattern": attempt(write, "/proc/sys/kernel/core_pattern", pattern),
                    "modprobe": attempt(write, "/proc/sys/kernel/modprobe", b"/workspace/owned"),
                    "uevent": attempt(write, "/sys/kernel/uevent_helper", b"/workspace/owned"),
                    "release": attempt(write, "/sys/fs/cgroup/release_agent", b"/workspace/owned"),
                }
                """#,
                answers: ["core_pattern": absent, "modprobe": absent, "uevent": absent, "release": absent]
            )
        ),
        HostileCase(
            .files,
            "reads and overwrites the service's files",
            .python(
                #"""
                return {
                    "list": attempt(os.listdir, "@HOST@"), "read": attempt(read, "@HOST@/service/agent.conf"),
                    "write": attempt(write, "@HOST@/service/agent.conf"),
                    "delete": attempt(os.unlink, "@HOST@/service/agent.conf"),
                    "exists": attempt(os.stat, "@HOST@/service"),
                }
                """#,
                workspace: .writable,
                answers: ["list": absent, "read": absent, "write": absent, "delete": absent, "exists": absent]
            )
        ),
        HostileCase(
            .files,
            "reads other workspaces",
            .python(
                #"""
                import glob
                return {
                    "beside": attempt(read, "/workspace/../other/secret.txt"),
                    "cover": attempt(read, "/.ws/other/secret.txt"), "covered": attempt(os.listdir, "/.ws/other"),
                    "host": attempt(read, "@HOST@/other/secret.txt"),
                    "found": [path for path in glob.glob("/*/secret.txt") + glob.glob("/*/*/secret.txt")
                              + glob.glob("/.*/*/secret.txt")],
                }
                """#,
                workspace: .readOnly,
                answers: ["beside": absent, "cover": absent, "covered": absent, "host": absent, "found": "[]"]
            )
        ),
        HostileCase(
            .files,
            "sees the workspace without a grant",
            .python(
                #"""
                return {
                    "read": attempt(read, "/workspace/notes.txt"), "stat": attempt(os.stat, "/workspace/notes.txt"),
                    "write": attempt(write, "/workspace/owned"), "mkdir": attempt(os.mkdir, "/workspace/owned"),
                }
                """#,
                answers: ["read": absent, "stat": absent, "write": refusedWrite, "mkdir": refusedWrite]
            )
        ),
        HostileCase(
            .files,
            "follows links that lead out of the workspace",
            .python(
                #"""
                return {
                    "file": attempt(read, "link-to-secret"), "folder": attempt(read, "link-to-host/other/secret.txt"),
                    "root": attempt(read, "link-to-root/etc/shadow"), "list": attempt(os.listdir, "link-to-host"),
                }
                """#,
                workspace: .readOnly,
                answers: ["file": absent, "folder": absent, "root": absent, "list": absent]
            )
        ),
        HostileCase(
            .files,
            "plants links and follows them",
            .python(
                #"""
                os.symlink("../other/secret.txt", "a"); os.symlink("/etc/shadow", "b"); os.symlink("@HOST@/service", "c")
                answers = {name: attempt(read, name) for name in ("a", "b", "c/agent.conf")}
                answers["through"] = attempt(write, "c/owned")
                for name in "abc":
                    os.unlink(name)
                return answers
                """#,
                workspace: .writable,
                answers: ["a": absent, "b": absent, "c/agent.conf": absent, "through": absent]
            )
        ),
        HostileCase(
            .files,
            "climbs with descriptors of directories",
            .python(
                #"""
                place = os.open("/workspace", os.O_RDONLY | os.O_DIRECTORY)
                for _ in range(64):
                    place = os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_PATH, dir_fd=place)
                return {
                    "secret": attempt(os.open, "@HOST@/other/secret.txt".lstrip("/"), os.O_RDONLY, dir_fd=place),
                    "shadow": attempt(os.open, "etc/shadow", os.O_RDONLY, dir_fd=place),
                    "root": attempt(os.open, "root", os.O_RDONLY, dir_fd=place),
                }
                """#,
                workspace: .readOnly,
                answers: ["secret": absent, "shadow": absent, "root": absent]
            )
        ),
        HostileCase(
            .files,
            "links files of the system into the workspace",
            .python(
                #"""
                return {
                    "hard": attempt(os.link, "/usr/bin/env", "/workspace/env"),
                    "rename": attempt(os.rename, "/usr/bin/env", "/workspace/env"),
                    "tmp": attempt(os.link, "/etc/ld.so.cache", "/tmp/cache"),
                }
                """#,
                workspace: .writable,
                answers: [
                    "hard": "EXDEV|EPERM|EACCES", "rename": "EXDEV|EROFS|EPERM|EACCES", "tmp": "EXDEV|EPERM|EACCES",
                ]
            )
        ),
        HostileCase(
            .files,
            "leaves set-uid files behind",
            .python(
                #"""
                write("tool", b"#!/bin/sh\n")
                file = os.open("tool", os.O_RDONLY)
                answers = {
                    "chmod": attempt(os.chmod, "tool", 0o4755), "fchmod": attempt(os.fchmod, file, 0o2755),
                    "open": attempt(os.open, "born", os.O_CREAT | os.O_WRONLY, 0o6777),
                    "fchmodat2": attempt(kernel, "fchmodat2", -100, b"tool", 0o4755, 0),
                    "mknod": attempt(os.mknod, "node", 0o104755),
                }
                os.unlink("tool")
                return answers
                """#,
                workspace: .writable,
                answers: [
                    "chmod": "EPERM", "fchmod": "EPERM", "open": "EPERM", "fchmodat2": "ENOSYS|EPERM", "mknod": "EPERM",
                ]
            )
        ),
        HostileCase(
            .files,
            "makes device nodes",
            .python(
                #"""
                import stat
                return {
                    "block": attempt(os.mknod, "/workspace/disk", stat.S_IFBLK | 0o666, os.makedev(259, 0)),
                    "memory": attempt(os.mknod, "/tmp/mem", stat.S_IFCHR | 0o666, os.makedev(1, 1)),
                    "raw": attempt(kernel, "mknodat", -100, b"/tmp/raw", stat.S_IFCHR | 0o666, os.makedev(1, 1)),
                }
                """#,
                workspace: .writable,
                answers: ["block": "EPERM", "memory": "EPERM", "raw": "EPERM"]
            )
        ),
        HostileCase(
            .files,
            "opens the host's devices",
            .python(
                #"""
                names = ("mem", "kmem", "vda", "sda", "nvme0n1", "tty", "ptmx", "shm/owned", "fuse", "kvm", "net/tun")
                return {name: attempt(open, "/dev/" + name, "wb") for name in names}
                """#,
                answers: [
                    "mem": refusedWrite, "kmem": refusedWrite, "vda": refusedWrite, "sda": refusedWrite,
                    "nvme0n1": refusedWrite, "tty": refusedWrite, "ptmx": refusedWrite, "shm/owned": refusedWrite,
                    "fuse": refusedWrite, "kvm": refusedWrite, "net/tun": refusedWrite,
                ]
            )
        ),
        HostileCase(
            .files,
            "writes where only reading is allowed",
            .python(
                #"""
                names = ("/usr/owned", "/usr/bin/env", "/etc/owned", "/etc/ld.so.preload", "/owned", "/dev/owned",
                         "/workspace/owned", "/workspace/notes.txt")
                return {name: attempt(write, name) for name in names}
                """#,
                workspace: .readOnly,
                answers: [
                    "/usr/owned": refusedWrite, "/usr/bin/env": refusedWrite, "/etc/owned": refusedWrite,
                    "/etc/ld.so.preload": refusedWrite, "/owned": refusedWrite, "/dev/owned": refusedWrite,
                    "/workspace/owned": refusedWrite, "/workspace/notes.txt": refusedWrite,
                ]
            )
        ),
        HostileCase(
            .files,
            "changes a read-only workspace in other ways",
            .python(
                #"""
                return {
                    "truncate": attempt(os.truncate, "notes.txt", 0), "unlink": attempt(os.unlink, "notes.txt"),
                    "rename": attempt(os.rename, "notes.txt", "owned"), "mkdir": attempt(os.mkdir, "owned"),
                    "chmod": attempt(os.chmod, "notes.txt", 0o777), "utime": attempt(os.utime, "notes.txt", (1, 1)),
                    "symlink": attempt(os.symlink, "/", "owned"), "rmdir": attempt(os.rmdir, "folder"),
                    "tmpfile": attempt(os.open, ".", os.O_TMPFILE | os.O_RDWR),
                }
                """#,
                workspace: .readOnly,
                answers: [
                    "truncate": refusedWrite, "unlink": refusedWrite, "rename": refusedWrite, "mkdir": refusedWrite,
                    "chmod": refusedWrite, "utime": refusedWrite, "symlink": refusedWrite, "rmdir": refusedWrite,
                    "tmpfile": refusedWrite,
                ]
            )
        ),
        HostileCase(
            .files,
            "changes what it may only read through what it opened",
            .python(
                #"""
                return {"left": write("own")}
                """#,
                workspace: .writable,
                answers: ["left": "5"]
            ),
            .python(
                #"""
                file = os.open("own", os.O_RDONLY)
                return {
                    "mode": attempt(os.fchmod, file, 0o777), "times": attempt(os.utime, file, (1, 1)),
                    "cut": attempt(os.open, "own", os.O_RDONLY | os.O_TRUNC), "truncate": attempt(os.truncate, "own", 0),
                    "outside": attempt(os.truncate, "@HOST@/service/agent.conf", 0),
                    "content": read("own").decode(),
                }
                """#,
                workspace: .readOnly,
                answers: [
                    "mode": refusedWrite, "times": refusedWrite, "cut": refusedWrite, "truncate": refusedWrite,
                    "outside": refusedWrite, "content": "owned",
                ]
            )
        ),
        HostileCase(
            .files,
            "gives its files away",
            .python(
                #"""
                write("gift")
                answers = {
                    "chown": attempt(os.chown, "gift", 0, 0), "lchown": attempt(os.lchown, "gift", 0, 0),
                    "xattr": attempt(os.setxattr, "gift", "security.capability", b"\1\0\0\2" + b"\xff" * 16),
                    "trusted": attempt(os.setxattr, "gift", "trusted.overlay.opaque", b"y"),
                }
                os.unlink("gift")
                return answers
                """#,
                workspace: .writable,
                answers: [
                    "chown": "EPERM|EINVAL", "lchown": "EPERM|EINVAL", "xattr": "EPERM|EINVAL", "trusted": "EPERM",
                ]
            )
        ),
        HostileCase(
            .files,
            "opens files by handles",
            .python(
                #"""
                return {
                    "name": attempt(kernel, "name_to_handle_at", -100, b"/", 0, 0, 0),
                    "open": attempt(kernel, "open_by_handle_at", 0, 0, 0),
                    "openat2": attempt(kernel, "openat2", -100, b"/etc/shadow", 0, 24),
                    "watch": attempt(kernel, "fanotify_init", 0, 0),
                }
                """#,
                answers: ["name": "EPERM", "open": "EPERM", "openat2": "ENOSYS", "watch": "EPERM"],
                records: ["open_by_handle_at", "name_to_handle_at"]
            )
        ),
        HostileCase(
            .files,
            "changes its root",
            .python(
                #"""
                os.mkdir("/tmp/root")
                return {
                    "chroot": attempt(os.chroot, "/tmp/root"),
                    "pivot": attempt(kernel, "pivot_root", b"/tmp/root", b"/tmp/root"),
                }
                """#,
                answers: ["chroot": "EPERM", "pivot": "EPERM"],
                records: ["chroot", "pivot_root"]
            )
        ),
        HostileCase(
            .files,
            "mounts what is read-only anew",
            .python(
                #"""
                bind, remount = 4096, 32
                return {
                    "workspace": attempt(kernel, "mount", 0, b"/workspace", 0, bind | remount, 0),
                    "tmpfs": attempt(kernel, "mount", b"tmpfs", b"/workspace", b"tmpfs", 0, 0),
                    "proc": attempt(kernel, "mount", b"proc", b"/tmp", b"proc", 0, 0),
                    "uncover": attempt(kernel, "umount2", b"/.ws", 2), "tmp": attempt(kernel, "umount2", b"/tmp", 2),
                }
                """#,
                workspace: .readOnly,
                answers: ["workspace": "EPERM", "tmpfs": "EPERM", "proc": "EPERM", "uncover": "EPERM", "tmp": "EPERM"],
                records: ["mount", "umount2"]
            )
        ),
        HostileCase(
            .files,
            "runs a program that it wrote",
            .python(
                #"""
                import shutil
                library = next(line for line in ("/usr/lib/x86_64-linux-gnu/libm.so.6", "/usr/lib/aarch64-linux-gnu/libm.so.6")
                               if os.path.exists(line))
                with open(library, "rb") as file:
                    head = file.read(900_000)
                write("/workspace/owned.so", head); write("/tmp/owned.so", head)
                os.chmod("/workspace/owned.so", 0o755)
                answers = {
                    "workspace": attempt(ctypes.CDLL, "/workspace/owned.so"), "tmp": attempt(ctypes.CDLL, "/tmp/owned.so"),
                    "exec": attempt(os.execv, "/workspace/owned.so", ["owned"]),
                }
                os.unlink("/workspace/owned.so")
                return answers
                """#,
                workspace: .writable,
                answers: ["workspace": "OSError|EPERM|EACCES", "tmp": "OSError|EPERM|EACCES", "exec": "EPERM"],
                records: ["execve"]
            )
        ),
    ]

    /// What is not there, or not for this code.
    static let absent = "ENOENT|EACCES"
    /// What cannot be written, for whichever reason stands first.
    static let refusedWrite = "EROFS|EACCES|EPERM|ENOENT"
}
