import CSandbox

/// What is mounted over places of the workspace before a call sees it, the outer before the inner.
///
/// Where the call may write, the directories on the way to such a place are mounted over themselves: the kernel renames and
/// removes nothing that something is mounted on, so that no call can move a place away, or put another one there.
struct WorkspaceCovers {
    enum Cover: String {
        case pinned = "p"
        case readOnly = "r"
        case hiddenFile = "f"
        case hiddenDirectory = "d"
    }

    /// The most places.
    static let maximumCount = 200

    let list: [(path: String, cover: Cover)]

    /// The covers of a call.
    ///
    /// - Throws: ``SandboxError`` with code `invalid` for a path that is none, `workspace` for too many of them.
    init(_ exceptions: [WorkspaceException], _ grant: WorkspaceGrant) throws(SandboxError) {
        var covers: [String: Cover] = [:]
        for exception in exceptions where grant != .none {
            let parts = exception.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { ["", ".", ".."].contains($0) }), !exception.path.utf8.contains(0) else {
                throw SandboxError(.invalid, "\(exception.path) is no path of the workspace")
            }
            switch exception.kind {
            case .hiddenFile: covers[exception.path] = .hiddenFile
            case .hiddenDirectory: covers[exception.path] = .hiddenDirectory
            case .readOnly where grant == .writable: covers[exception.path] = covers[exception.path] ?? .readOnly
            case .readOnly: continue
            }
            for count in 1..<max(parts.count, 1) where grant == .writable {
                let parent = parts[..<count].joined(separator: "/")
                covers[parent] = covers[parent] ?? .pinned
            }
        }
        guard covers.count <= Self.maximumCount else {
            throw SandboxError(
                .workspace,
                "\(covers.count) places of the workspace are kept from it, and \(Self.maximumCount) are the most: rules that "
                    + "name whole directories (\"secrets/**\") need fewer"
            )
        }
        list = covers.sorted {
            Array($0.key.split(separator: "/")).lexicographicallyPrecedes($1.key.split(separator: "/"))
        }
        .map { (path: $0.key, cover: $0.value) }
    }

    /// Whether something is to be hidden, or kept from being written.
    var isEmpty: Bool { list.isEmpty }

    /// As a worker is given them: a letter and a path each, with a NUL behind it.
    var bytes: [UInt8] {
        list.flatMap { Array("\($0.cover.rawValue)\($0.path)".utf8) + [0] }
    }

    /// The arguments of bubblewrap, and the descriptors that they name by numbers from `first` on.
    ///
    /// Places that stay visible are opened here, beneath the workspace and through no link, and bubblewrap checks that what
    /// it has mounted is what was opened. An empty device on a file system without devices cannot be opened.
    func arguments(
        workspace: String,
        firstDescriptor first: Int
    ) throws(SandboxError) -> (arguments: [String], descriptors: [Descriptor]) {
        var (arguments, descriptors): ([String], [Descriptor]) = ([], [])
        for (path, cover) in list {
            let target = "/workspace/\(path)"
            switch cover {
            case .pinned, .readOnly:
                let place = csandbox_open_place(workspace, path)
                guard place >= 0 else {
                    throw SandboxError(.workspace, "\(path) cannot be protected: \(systemMessage(-place))")
                }
                arguments += [cover == .pinned ? "--bind-fd" : "--ro-bind-fd", "\(first + descriptors.count)", target]
                descriptors.append(Descriptor(place))
            case .hiddenFile: arguments += ["--ro-bind", "/dev/null", target]
            case .hiddenDirectory:
                arguments += ["--perms", "0000", "--tmpfs", target, "--remount-ro", target]
            }
        }
        return (arguments, descriptors)
    }
}
