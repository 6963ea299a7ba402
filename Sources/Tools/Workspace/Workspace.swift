internal import CLinux
package import Conversation
import Definitions
internal import Glibc
internal import Paths

/// A directory that file tools are confined to.
///
/// Every path is resolved by the kernel beneath an open descriptor of the directory (`openat2`), so no symbolic link, no
/// `..` and no rename in the meantime leads out of it; other mounted file systems inside it are out of reach too. Hard
/// links cannot be told from other files: who may create them in the directory decides what they show.
package final class Workspace: Sendable {
    /// The longest path, in bytes.
    package static let maximumPathBytes = 4_000

    /// The directory as it was given.
    package let directory: String

    package let descriptor: Int32

    /// Opens a directory.
    ///
    /// What it is later renamed to or replaced by does not matter.
    ///
    /// - Parameter directory: Its path; here alone symbolic links are followed.
    /// - Throws: ``ToolError/Code/configuration`` if it cannot be opened, or the kernel cannot confine paths.
    package init(directory: String) throws(ToolError) {
        self.directory = directory
        descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ToolError(.configuration, "the workspace \(directory) cannot be opened: \(reason)", isFatal: true)
        }
        let probe = clinux_confined_open(descriptor, ".", true)
        guard probe >= 0 else {
            close(descriptor)
            throw ToolError(
                .configuration,
                "this system cannot confine file tools to a directory (openat2: \(String(cString: strerror(-probe))))",
                isFatal: true
            )
        }
        close(probe)
    }

    deinit {
        close(descriptor)
    }

    /// Opens a regular file for reading.
    ///
    /// - Parameters:
    ///   - path: A path relative to the directory.
    ///   - caller: Whose refusal is recorded if the path leads out.
    /// - Throws: ``ToolError`` that says why not.
    func openFile(_ path: String, for caller: WorkspaceCaller? = nil) throws(ToolError) -> WorkspaceDescriptor {
        let file = try open(path, for: caller) { clinux_confined_open(descriptor, $0, false) }
        try Self.requireRegularFile(try file.status(path: path), path: path)
        return file
    }

    /// Opens a directory for reading.
    ///
    /// - Parameters:
    ///   - path: A path relative to the workspace's directory; `.` is that directory itself.
    ///   - askedFor: The path that messages are about, if it is a longer one.
    ///   - caller: Whose refusal is recorded if the path leads out.
    /// - Throws: ``ToolError`` that says why not.
    func openDirectory(
        _ path: String,
        askedFor: String? = nil,
        for caller: WorkspaceCaller? = nil
    ) throws(ToolError) -> WorkspaceDescriptor {
        try open(path, askedFor: askedFor, for: caller) { clinux_confined_open(descriptor, $0, true) }
    }

    /// Refuses what is no regular file, so that nothing waits on a FIFO or drives a device.
    static func requireRegularFile(_ status: stat, path: String) throws(ToolError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw ToolError(.denied, "\"\(shown(path))\" is a directory, not a file.")
        case S_IFLNK: throw error(number: ELOOP, path: path)
        default: throw ToolError(.denied, "\"\(shown(path))\" is not a regular file.")
        }
    }

    /// Opens what a path names, in one of the confined ways.
    package func open(
        _ path: String,
        askedFor: String? = nil,
        for caller: WorkspaceCaller?,
        with confinedOpen: (UnsafePointer<CChar>) -> Int32
    ) throws(ToolError) -> WorkspaceDescriptor {
        try Self.check(path, for: caller)
        let result = path.withCString(confinedOpen)
        guard result >= 0 else {
            if Self.leadsOut(-result) { caller?.recordRefusal(of: askedFor ?? path) }
            throw Self.error(number: -result, path: askedFor ?? path)
        }
        return WorkspaceDescriptor(result)
    }

    /// Refuses paths that the kernel need not be asked about.
    package static func check(_ path: String, for caller: WorkspaceCaller?) throws(ToolError) {
        guard !path.isEmpty, path.utf8.count <= maximumPathBytes, !path.utf8.contains(0) else {
            throw ToolError(.invalidArguments, "A path has 1 to \(maximumPathBytes) bytes, and no NUL among them.")
        }
        guard !path.isAbsolutePath else {
            caller?.recordRefusal(of: path)
            throw ToolError(.denied, "Paths are relative to the workspace; use \".\" for the workspace itself.")
        }
        try caller?.check(path)
    }

    /// Whether the kernel refused a path because it leads out, or goes through a link that may.
    static func leadsOut(_ number: Int32) -> Bool {
        number == EXDEV || number == ELOOP
    }

    package static func error(number: Int32, path: String) -> ToolError {
        let name = "\"\(shown(path))\""
        switch number {
        case ENOENT: return ToolError(.notFound, "\(name) does not exist in the workspace.")
        case ENOTDIR: return ToolError(.notFound, "\(name) is not a directory, or goes through a file.")
        case EXDEV: return ToolError(.denied, "\(name) leads out of the workspace.")
        case ELOOP: return ToolError(.denied, "\(name) is, or goes through, a symbolic link; those are not followed.")
        case EACCES, EPERM: return ToolError(.denied, "\(name) may not be opened.")
        case ENAMETOOLONG: return ToolError(.invalidArguments, "\(name) has a name that is too long.")
        // A FIFO or socket that nobody serves, or a device without a driver.
        case ENXIO, ENODEV: return ToolError(.denied, "\(name) is not a regular file.")
        default: return ToolError(.failed, "\(name) cannot be opened: \(String(cString: strerror(number))).")
        }
    }

    /// A path as it is repeated in messages: bounded, on one line.
    package static func shown(_ path: String) -> String {
        let cut = path.prefix(utf8: 200)
        return DirectoryEntry.printable(cut) + (cut.utf8.count < path.utf8.count ? "…" : "")
    }
}
