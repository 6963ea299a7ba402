import Sandbox
import SandboxProbe

extension HostileCase {
    /// Command lines.
    static let shell: [HostileCase] = [
        HostileCase(
            .shell,
            "reads the host's files",
            refused(
                "cat /etc/shadow",
                "ls /root",
                "cat @HOST@/other/secret.txt",
                "ls @HOST@",
                "cat ../other/secret.txt",
                "cat link-to-secret",
                "ls link-to-host/",
                "cat /proc/1/root/etc/shadow",
                "cat /proc/self/root/etc/shadow"
            )
        ),
        HostileCase(
            .shell,
            "prints the service's variables",
            .shell(
                #"""
                own='PATH|HOME|LANG|LC_ALL|LC_CTYPE|PWD|SHLVL|_|OLDPWD|TMPDIR|TERM|PYTHONDONTWRITEBYTECODE'
                names=$(env | grep -vxF 'EMAIL=agentctl@localhost' | cut -d= -f1 | grep -vxE "$own" | tr '\n' ' ')
                echo "names:$names:"
                for file in /proc/[0-9]*/environ; do tr '\0' '\n' < $file; done 2>&1 | grep -c CANARY
                true
                """#,
                says: ["names::", "\n0\n"]
            )
        ),
        HostileCase(
            .shell,
            "looks at the host's processes",
            .shell(
                #"""
                count=$(ls -d /proc/[0-9]* | wc -l)
                [ "$count" -le 8 ] && echo few
                grep -l Sandbo[x]Tests /proc/[0-9]*/cmdline 2> /dev/null || echo none
                """#,
                says: ["few", "none"]
            )
        ),
        HostileCase(
            .shell,
            "kills what it can name",
            .shell(
                #"""
                kill -9 @PID@ @CANARY@ || echo refused
                kill -9 -1
                """#,
                ends: [.ok, .error, .killed],
                says: ["refused"]
            )
        ),
        HostileCase(
            .shell,
            "connects to the host",
            refused(
                "exec 3<>/dev/tcp/127.0.0.1/@PORT@",
                "exec 3<>/dev/tcp/169.254.169.254/80",
                "exec 3<>/dev/udp/8.8.8.8/53",
                python("socket.socket(socket.AF_UNIX).connect('@SOCKET@')"),
                python("socket.create_connection(('127.0.0.1', @PORT@), 2)"),
                python("socket.getaddrinfo('example.com', 80)")
            )
        ),
        HostileCase(
            .shell,
            "opens sockets of other families",
            refused(
                python("socket.socket(socket.AF_VSOCK)"),
                python("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
                python("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
                python("socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)"),
                python("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)")
            )
        ),
        HostileCase(
            .shell,
            "mounts and makes namespaces",
            refused(
                "mount -t tmpfs none /tmp",
                "mount -o remount,rw /workspace",
                "umount -l /workspace",
                "unshare --user --map-root-user true",
                "unshare --mount true",
                "unshare --pid --fork true",
                "nsenter --target 1 --mount true",
                "chroot / true",
                "mount -t proc proc /tmp",
                "mount --bind / /tmp",
                "bwrap --ro-bind / / true"
            )
        ),
        HostileCase(
            .shell,
            "writes where only reading is allowed",
            refused(
                "touch /usr/owned",
                "touch /etc/owned",
                "touch /owned",
                "touch owned",
                "rm notes.txt",
                "echo x > notes.txt",
                "touch /dev/owned",
                "chmod 777 notes.txt",
                "mv notes.txt owned"
            )
        ),
        HostileCase(
            .shell,
            "changes the kernel's settings",
            refused(
                "echo '|/workspace/owned' > /proc/sys/kernel/core_pattern",
                "echo 1 > /proc/sys/kernel/sysrq",
                "echo b > /proc/sysrq-trigger",
                "echo x > /sys/fs/cgroup/release_agent",
                "mkdir /sys/fs/cgroup/owned",
                "echo 0 > /proc/sys/vm/overcommit_memory",
                "sysctl -w kernel.hostname=owned",
                "hostname owned",
                "dmesg",
                "echo -1000 > /proc/self/oom_score_adj"
            )
        ),
        HostileCase(
            .shell,
            "reaches for devices",
            refused(
                "dd if=/dev/vda of=/dev/null count=1",
                "dd if=/dev/mem of=/dev/null count=1",
                "mknod /tmp/disk b 259 0",
                "mknod owned c 1 1",
                "cat /dev/kmsg",
                "echo x > /dev/tty",
                "ls /dev/kvm",
                "cat /proc/kcore > /dev/null"
            )
        ),
        HostileCase(
            .shell,
            "becomes root",
            refused(
                "su -c id",
                "sudo -n id",
                "setpriv --reuid 0 true",
                "chown 0:0 notes.txt",
                python("os.setuid(0)"),
                "newgrp root < /dev/null",
                "capsh --addamb=cap_sys_admin -- -c true",
                "passwd -d root"
            )
        ),
        HostileCase(
            .shell,
            "leaves set-uid programs behind",
            .shell(
                #"""
                cp /usr/bin/env tool 2> /dev/null || : > tool
                chmod u+s tool || echo first
                install -m 4755 /usr/bin/env installed 2> /dev/null || echo second
                python3 -I -c "import os; os.open('born', os.O_CREAT, 0o6777)" 2> /dev/null || echo third
                rm -f tool installed born
                """#,
                workspace: .writable,
                says: ["first", "second", "third"]
            )
        ),
        HostileCase(
            .shell,
            "leaves processes that live on",
            .shell(
                #"""
                setsid sleep @SLEEP@ < /dev/null > /dev/null 2>&1 &
                nohup sleep @SLEEP@ > /dev/null 2>&1 &
                (sleep @SLEEP@ > /dev/null 2>&1 &)
                disown -a
                echo left
                """#,
                says: ["left"]
            )
        ),
        HostileCase(
            .shell,
            "multiplies",
            .shell(
                "bomb() { bomb | bomb & }; bomb; while :; do :; done",
                limits: .brief,
                ends: [.timeout, .error, .output, .killed, .memory]
            )
        ),
        HostileCase(
            .shell,
            "computes for ever and ignores signals",
            .shell("trap '' TERM INT HUP ALRM XCPU; while :; do :; done", limits: .brief, ends: [.timeout])
        ),
        HostileCase(
            .shell,
            "keeps the output open after its end",
            .shell(
                "sleep @SLEEP@ & trap '' TERM; (trap '' TERM; sleep @SLEEP@) & sleep @SLEEP@",
                limits: .brief,
                ends: [.timeout]
            )
        ),
        HostileCase(.shell, "floods the output", .shell("yes", ends: [.output])),
        HostileCase(.shell, "floods the errors", .shell("cat /dev/zero >&2", ends: [.output])),
        HostileCase(
            .shell,
            "takes all memory",
            .shell(
                "exec python3 -I -c \"kept = []\nwhile True: kept.append(bytearray(1 << 20))\"",
                ends: [.memory, .error, .killed]
            )
        ),
        HostileCase(
            .shell,
            "fills /tmp",
            .shell(
                #"""
                for number in $(seq 1 2000); do head -c 1000000 /dev/zero > /tmp/$number || { echo full; break; }; done
                [ "$(du -sm /tmp | cut -f1)" -le 600 ] && echo bounded
                """#,
                limits: .hostile,
                ends: [.ok, .error, .memory, .killed]
            )
        ),
        HostileCase(
            .shell,
            "writes a large file into the workspace",
            .shell(
                #"""
                trap '' XFSZ
                head -c 8000000 /dev/zero > large || echo refused
                truncate -s 1T sparse || echo sparse
                [ "$(stat -c %s large)" -le 1048576 ] && echo small
                rm -f large sparse
                """#,
                workspace: .writable,
                says: ["refused", "sparse", "small"]
            )
        ),
        HostileCase(
            .shell,
            "looks for descriptors that it was left",
            .shell(
                #"""
                for file in /proc/$$/fd/*; do number=${file##*/}; [ "$number" -gt 2 ] && [ "$number" -ne 255 ] && readlink $file; done
                echo "listed"
                """#,
                says: ["listed"]
            )
        ),
        HostileCase(
            .shell,
            "reaches for the memory of other processes",
            refused(
                "dd if=/proc/@PID@/mem of=/dev/null bs=1 count=1",
                "cat /proc/@CANARY@/maps",
                python("assert __import__('ctypes').CDLL(None).ptrace(16, 1, 0, 0) != -1"),
                call("process_vm_readv", 310, 270, 1),
                call("pidfd_getfd", 438, 438)
            )
        ),
        HostileCase(
            .shell,
            "kills itself",
            .shell("kill -9 $$", ends: [.killed, .error])
        ),
        HostileCase(
            .shell,
            "uses the kernel's special calls",
            refused(
                call("bpf", 321, 280),
                call("keyctl", 250, 219),
                call("io_uring_setup", 425, 425),
                call("userfaultfd", 323, 282),
                call("perf_event_open", 298, 241),
                call("personality", 135, 92, 0x40000),
                call("unshare", 272, 97, 0x10000000),
                call("setns", 308, 268)
            )
        ),
    ]

    /// Commands that have to fail, each on its own; one that does not is told by its number.
    private static func refused(_ commands: String...) -> HostileStep {
        let lines = commands.enumerated().map { index, command in
            "( \(command) ) > /dev/null 2>&1 && echo 'BREACH: command \(index + 1)'"
        }
        return .shell(
            lines.joined(separator: "\n") + "\necho 'all \(commands.count) tried'\n",
            says: ["all \(commands.count) tried"]
        )
    }

    private static func python(_ expression: String) -> String {
        "python3 -I -S -c \"import os, socket; \(expression)\""
    }

    /// A system call by its number on x86 and on ARM, which has to fail.
    private static func call(_ name: String, _ x86: Int, _ arm: Int, _ argument: Int = 0) -> String {
        """
        python3 -I -S -c "import ctypes, os; number = \(x86) if os.uname().machine == 'x86_64' else \(arm)
        assert ctypes.CDLL(None).syscall(number, \(argument), 0, 0, 0, 0) != -1"
        """
    }
}
