/// What the examination runs.
enum ExaminationProbe {
    /// Attacks on the layers around functions, as a script.
    static let functions = #"""
        import ctypes, errno, os, socket
        findings = []
        def attack(layer, attempt, action, *arguments):
            try:
                value = action(*arguments)
            except OSError as error:
                findings.append([layer, attempt, errno.errorcode.get(error.errno, type(error).__name__), True])
            except Exception as error:
                findings.append([layer, attempt, type(error).__name__, True])
            else:
                findings.append([layer, attempt, repr(value)[:60], False])
        def claim(layer, attempt, holds, word):
            findings.append([layer, attempt, str(word)[:60], bool(holds)])
        def call(x86, arm, *arguments):
            number = x86 if os.uname().machine == "x86_64" else arm
            result = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
            if result == -1:
                raise OSError(ctypes.get_errno(), "refused")
            return result
        claim("user_namespace", "looked for rights", os.geteuid() != 0, f"user {os.geteuid()}")
        attack("user_namespace", "mounted a file system", call, 165, 40, b"none", b"/tmp", b"tmpfs", 0, 0)
        attack("user_namespace", "became root", os.setuid, 0)
        claim("pid_namespace", "looked for other processes", os.getpid() == 1 and os.getppid() == 0, f"process {os.getpid()}")
        attack("pid_namespace", "killed everybody", os.kill, -1, 0)
        for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_VSOCK", "AF_PACKET"):
            attack("network", f"opened a socket of {family}", socket.socket, getattr(socket, family), socket.SOCK_STREAM)
        for path in ("/etc/shadow", "/root/.bashrc", "/proc/1/environ", "/sys/kernel"):
            attack("files", f"opened {path}", os.open, path, os.O_RDONLY)
        attack("files", "wrote into /usr", os.open, "/usr/.examination", os.O_CREAT | os.O_WRONLY, 0o600)
        others = sorted(set(os.environ) - {"PATH", "HOME", "LANG", "LC_CTYPE", "PWD"})
        claim("environment", "looked for the service's variables", not others, " ".join(others) or "none")
        attack("landlock", "wrote to a device that is only to be read", os.open, "/dev/zero", os.O_WRONLY)
        for name, x86, arm in (("bpf", 321, 280), ("io_uring_setup", 425, 425), ("unshare", 272, 97), ("ptrace", 101, 117)):
            attack("system_calls", f"called {name}", call, x86, arm, 0, 0, 0, 0)
        attack("processes", "forked", os.fork)
        attack("processes", "ran a program", os.execv, "/bin/true", ["true"])
        findings
        """#

    /// Takes more memory than it may.
    static let memory = "len(bytearray(1 << 32))"

    /// Takes more time than it may.
    static let time = "while True: pass"

    /// Changes a workspace that is only to be read, in which the code begins: its path depends on the machine.
    static let workspace = #"""
        import errno, os
        try:
            os.close(os.open(".agentctl-examination", os.O_CREAT | os.O_WRONLY, 0o600))
            os.unlink(".agentctl-examination")
            word = "a file was made"
        except OSError as error:
            word = errno.errorcode.get(error.errno, "OSError")
        [["workspace", "wrote into a read-only workspace", word, word in ("EROFS", "EACCES", "EPERM")]]
        """#

    /// Attacks on the layers around command lines.
    ///
    /// - Parameter mark: Seconds that a process sleeps that is left behind, by which it is found.
    static func shell(mark: String) -> String {
        #"""
        attack() { local name=$1; shift; if "$@" > /dev/null 2>&1; then echo "shell|$name|done"; else echo "shell|$name|refused"; fi; }
        attack "read /etc/shadow" cat /etc/shadow
        attack "listed /root" ls /root
        attack "wrote into /usr" touch /usr/.examination
        attack "set the kernel's core_pattern" bash -c 'exec 3>> /proc/sys/kernel/core_pattern'
        attack "made a user namespace" unshare --user true
        attack "reached the host's loopback" bash -c 'exec 3<> /dev/tcp/127.0.0.1/22'
        attack "found a network interface" grep -vqE '^ *lo:|\|' /proc/net/dev
        count=0; for process in /proc/[0-9]*; do count=$((count + 1)); done
        [ $count -le 10 ] && echo "shell|looked for other processes|refused" || echo "shell|looked for other processes|$count"
        others=$(tr '\0' '\n' < /proc/1/environ | grep -vxF 'EMAIL=agentctl@localhost' | cut -d= -f1 | grep -vxE 'PATH|HOME|LANG|PWD|SHLVL|_|OLDPWD|PYTHONDONTWRITEBYTECODE' | head -3 | tr '\n' ' ')
        echo "shell|looked for the service's variables|${others:-refused}"
        setsid sleep MARK < /dev/null > /dev/null 2>&1 &
        echo "shell|left a process behind|started"
        """#.replacing("MARK", with: mark)
    }
}
