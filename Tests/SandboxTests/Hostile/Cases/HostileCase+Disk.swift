import Sandbox
import SandboxProbe

extension HostileCase {
    /// More files and bytes than there is room for.
    static let disk: [HostileCase] = [
        HostileCase(
            .disk,
            "fills /tmp",
            .python(
                #"""
                total = 0
                try:
                    for number in range(4096):
                        with open(f"/tmp/{number}", "wb", buffering=0) as file:
                            total += file.write(bytes(1 << 19))
                    error = "BREACH"
                except OSError as failure:
                    error = errno.errorcode[failure.errno]
                return {"error": error, "little": total <= 80 << 20}
                """#,
                answers: ["error": "ENOSPC", "little": "true"]
            )
        ),
        HostileCase(
            .disk,
            "uses up the files of /tmp",
            .python(
                #"""
                count = 0
                try:
                    while count < 1_000_000:
                        os.mkdir(f"/tmp/{count}")
                        count += 1
                    error = "BREACH"
                except OSError as failure:
                    error = errno.errorcode[failure.errno]
                return {"error": error, "few": count <= 100_000}
                """#,
                answers: ["error": "ENOSPC", "few": "true"]
            )
        ),
        HostileCase(
            .disk,
            "writes a large file into the workspace",
            .python(
                #"""
                import signal
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                def grow(name):
                    with open(name, "wb", buffering=0) as file:
                        for _ in range(64):
                            file.write(bytes(1 << 20))
                def sparse(name):
                    with open(name, "wb") as file:
                        os.pwrite(file.fileno(), b"x", 1 << 40)
                file = os.open("space", os.O_CREAT | os.O_RDWR)
                answers = {
                    "write": attempt(grow, "large"), "sparse": attempt(sparse, "sparse"),
                    "truncate": attempt(os.truncate, "large", 1 << 40),
                    "reserve": attempt(os.posix_fallocate, file, 0, 1 << 34),
                    "largest": max(os.stat(name).st_size for name in ("large", "sparse", "space")) <= 1 << 20,
                }
                for name in ("large", "sparse", "space"):
                    os.unlink(name)
                return answers
                """#,
                workspace: .writable,
                answers: [
                    "write": "EFBIG", "sparse": "EFBIG", "truncate": "EFBIG", "reserve": "EFBIG|EPERM",
                    "largest": "true",
                ]
            )
        ),
        HostileCase(
            .disk,
            "opens more files than it may",
            .python(
                #"""
                kept = []
                try:
                    while len(kept) < 100_000:
                        kept.append(os.open("/tmp", os.O_RDONLY))
                    error = "BREACH"
                except OSError as failure:
                    error = errno.errorcode[failure.errno]
                few = len(kept) < 1_024
                for number in kept:
                    os.close(number)
                return {"error": error, "few": few}
                """#,
                answers: ["error": "EMFILE", "few": "true"]
            )
        ),
        HostileCase(
            .disk,
            "digs a pit of directories",
            .python(
                #"""
                os.chdir("/tmp")
                try:
                    for _ in range(1_000_000):
                        os.mkdir("d"); os.chdir("d")
                    return {"error": "BREACH"}
                except OSError as failure:
                    return {"error": errno.errorcode[failure.errno]}
                """#,
                answers: ["error": "ENOSPC|ENAMETOOLONG|ENOENT"]
            )
        ),
        HostileCase(
            .disk,
            "dumps its memory",
            .python(
                #"""
                import signal
                os.chdir("/workspace")
                ctypes.string_at(0)
                """#,
                workspace: .writable,
                ends: [.killed]
            )
        ),
    ]
}
