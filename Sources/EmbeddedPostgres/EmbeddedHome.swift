import Glibc

/// The directory of everything that agentctl keeps on this machine by itself, such as its private PostgreSQL server.
///
/// It is `$AGENTCTL_HOME`, else `.agentctl` in the current directory.
public struct EmbeddedHome: Sendable, Hashable {
    /// The variable that names the home, absolute or relative to the current directory.
    public static let variable = "AGENTCTL_HOME"

    /// An absolute path; the directory need not be there.
    public let path: String

    /// Where the private PostgreSQL server belongs.
    public var postgresDirectory: String { "\(path)/postgres" }

    /// Finds the home.
    ///
    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - currentDirectory: An absolute path; by default the directory that the process is in.
    public init(environment: [String: String], currentDirectory: String? = nil) {
        let currentDirectory = currentDirectory ?? AbsolutePath.currentDirectory()
        let chosen = environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
        path = AbsolutePath.make(chosen ?? ".agentctl", currentDirectory: currentDirectory)
    }

    /// The nearest home with a server in a directory above; nil when there is none.
    ///
    /// Nothing is taken from there by itself: what is above may be another user's.
    public var above: String? {
        var directory = AbsolutePath.parent(of: path)
        while directory != "/" {
            directory = AbsolutePath.parent(of: directory)
            let home = AbsolutePath.make(".agentctl", currentDirectory: directory)
            if access("\(home)/postgres", F_OK) == 0 { return home }
        }
        return nil
    }
}
