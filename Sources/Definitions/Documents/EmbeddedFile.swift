internal import CResources

/// A file that travels inside the program.
package struct EmbeddedFile: Sendable, Hashable {
    /// Its path in the repository: `migrations/routines/claim.sql`.
    package let path: String
    /// Its text.
    package let text: String

    /// The path without folders.
    package var name: String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }

    /// Every file, in order of path.
    package static let all: [EmbeddedFile] = (0..<agentctl_resource_count()).map { index in
        let resource = agentctl_resource_at(index)
        return EmbeddedFile(
            path: String(cString: resource.path),
            text: String(decoding: UnsafeBufferPointer(start: resource.bytes, count: resource.length), as: UTF8.self)
        )
    }

    /// The files below a folder of the repository.
    ///
    /// - Parameter folder: `migrations` or `seeds`.
    /// - Returns: The files in order of name.
    package static func all(in folder: String) -> [EmbeddedFile] {
        all.filter { $0.path.hasPrefix(folder + "/") }
    }
}
