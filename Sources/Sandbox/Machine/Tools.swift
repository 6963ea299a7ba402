import Glibc

/// Programs of the distribution that the sandbox is made of, always at these paths: never what PATH finds first.
enum Tools {
    static let python = "/usr/bin/python3"
    static let bubblewrap = "/usr/bin/bwrap"
    static let shell = "/bin/bash"

    static func isInstalled(_ path: String) -> Bool {
        access(path, X_OK) == 0
    }
}
