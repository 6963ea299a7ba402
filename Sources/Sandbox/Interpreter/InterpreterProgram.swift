import CResources
import CSandbox
import Glibc
import JSON

/// How the interpreter is started.
struct InterpreterProgram {
    /// Where the interpreter finds its descriptors, after standard input, output and error.
    private static let argumentsDescriptor = 7
    /// Memory of a worker's own /tmp.
    private static let temporaryBytes = 64 << 20

    /// What makes workers cheap: one heap, which can be packed, and functions that are looked up before a fork.
    ///
    /// The interpreter takes it out of its environment, so that the code of calls does not see it.
    static let startEnvironment = ["PYTHONMALLOC": "malloc", "LD_BIND_NOW": "1"]

    let isolation: Isolation
    let workspace: DirectoryIdentity?
    /// Who it runs as, when this process is root.
    let user: ChildProgram.User?

    /// Starts it.
    ///
    /// - Returns: The process, our end of the control socket, and what it writes to standard error.
    func start() throws(SandboxError) -> (process: ChildProcess, control: Descriptor, messages: Descriptor) {
        let control = try Descriptor.messageSockets()
        let messages = try Descriptor.pipe()
        let kind = isolation == .namespaces ? CSANDBOX_FILTER_FUNCTION : CSANDBOX_FILTER_FUNCTION_BARE
        let filters = (
            try Descriptor.filter(kind, notifies: true),
            try Descriptor.filter(kind, notifies: false)
        )
        let bundle = try Descriptor.memoryFile("bundle", Array(bundleText.utf8))
        var program = ChildProgram(path: Tools.python)
        program.user = user
        program.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/"]
            .merging(Self.startEnvironment) { own, _ in own }
        program.descriptors = [
            nil, messages.writing, messages.writing, control.theirs, bundle, filters.0, filters.1,
        ]
        let python = ["-s", "-S", "-B", "-X", "utf8", "-c", Self.text("python/boot.py")]
        if isolation == .namespaces {
            let arguments = BubblewrapArguments.interpreter(
                workspace: workspace?.path,
                environment: Self.startEnvironment
            )
            let file = try Descriptor.memoryFile("arguments", arguments.flatMap { Array($0.utf8) + [0] })
            program.path = Tools.bubblewrap
            program.descriptors.append(file)
            program.arguments = ["--args", "\(Self.argumentsDescriptor)", Tools.python] + python
        } else {
            program.arguments = python
        }
        return (try program.start(), control.own, messages.reading)
    }

    private var bundleText: String {
        let names = ["heap", "kernel", "code_check", "guard", "code_runner", "worker", "zygote"]
        let readable = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/zero"]
        let bundle: JSONValue = [
            "modules": .array(names.map { [.string($0), .string(Self.text("python/\($0).py"))] }),
            "configuration": [
                "isolation": .string(isolation.rawValue),
                "workspace": workspace.map { .string($0.path) } ?? .null,
                "temporaryBytes": .integer(Int64(Self.temporaryBytes)),
                "readable": .array((readable + ["/dev/urandom", "/dev/random"]).map { .string($0) }),
            ],
        ]
        return bundle.text
    }

    /// A text that travels in the program.
    private static func text(_ path: String) -> String {
        for index in 0..<agentctl_resource_count() {
            let resource = agentctl_resource_at(index)
            guard String(cString: resource.path) == path else { continue }
            return String(decoding: UnsafeBufferPointer(start: resource.bytes, count: resource.length), as: UTF8.self)
        }
        return ""
    }
}
