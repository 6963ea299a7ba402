import CSandbox
import Glibc

/// A program to be started, with nothing of this process but what is named here.
struct ChildProgram {
    /// A user that the program becomes.
    struct User: Hashable {
        let user: uid_t
        let group: gid_t
    }

    var path: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    /// What becomes descriptor 0, 1, 2 and so on; nil is /dev/null.
    var descriptors: [Descriptor?] = []
    var directory = "/"
    /// Nil stays who this process is.
    var user: User?

    /// Starts it.
    ///
    /// It dies with the calling thread, which therefore has to be the reactor's.
    ///
    /// - Throws: ``SandboxError`` with what the system says.
    func start() throws(SandboxError) -> ChildProcess {
        let arguments = CStrings([path] + arguments)
        let environment = CStrings(environment.map { "\($0.key)=\($0.value)" }.sorted())
        let numbers = descriptors.map { $0?.number ?? -1 }
        var process: pid_t = 0
        var handle: Int32 = -1
        let status = numbers.withUnsafeBufferPointer { buffer -> Int32 in
            guard let descriptors = buffer.baseAddress else { return -EINVAL }
            return path.withCString { path in
                directory.withCString { directory in
                    var program = csandbox_program(
                        path: path,
                        arguments: arguments.pointer,
                        environment: environment.pointer,
                        descriptors: descriptors,
                        descriptor_count: Int32(numbers.count),
                        directory: directory,
                        changes_user: user != nil,
                        user: user?.user ?? 0,
                        group: user?.group ?? 0
                    )
                    return csandbox_spawn(&program, &process, &handle)
                }
            }
        }
        guard status == 0 else {
            throw SandboxError(.unavailable, "\(path) cannot be started: \(systemMessage(-status))")
        }
        return ChildProcess(process: process, handle: Descriptor(handle))
    }
}

/// What the system says about an errno.
func systemMessage(_ error: Int32) -> String {
    String(cString: strerror(error))
}
