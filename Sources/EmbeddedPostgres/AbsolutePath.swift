import Glibc

/// Absolute paths as text.
enum AbsolutePath {
    /// The path made absolute with the current directory, without `.`, `..`, doubled and trailing slashes.
    static func make(_ path: String, currentDirectory: String = currentDirectory()) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : "\(currentDirectory)/\(path)").split(separator: "/") where part != "."
        {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The directory that this one is in; `/` for itself.
    static func parent(of path: String) -> String {
        make(path + "/..")
    }

    /// The path without symbolic links, or the path as it is while nothing is there.
    static func resolvingLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else {
            return path
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What a symbolic link says, or `nil` when it cannot be read.
    static func target(ofLink path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress, case let count = readlink(path, start, buffer.count), count >= 0
            else {
                return nil
            }
            return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }

    /// The directory that the process is in.
    static func currentDirectory() -> String {
        guard let current = getcwd(nil, 0) else {
            return "/"
        }
        defer { free(current) }
        return String(cString: current)
    }
}
