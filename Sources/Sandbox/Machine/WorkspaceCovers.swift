import CSandbox
import Paths

/// What is mounted over places of the workspace before a call sees it, the outer before the inner.
///
/// Where the call may write, the directories on the way to such a place are mounted over themselves: the kernel lets no
/// process rename or remove what is mounted on in the mounts that this process sees, so that the call cannot move a place
/// away, or put another one there. Who works in the workspace from outside can, and what is there then is not held.
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
        let slash = UInt8(ascii: "/")
        // By bytes: names that Swift takes for the same are two files.
        var covers: [[UInt8]: Cover] = [:]
        for exception in exceptions where grant != .none {
            let path = Array(exception.path.utf8)
            let isNone = exception.path.pathComponents.contains { ["", ".", ".."].contains($0) }
            guard !isNone, !path.contains(0) else {
                throw SandboxError(.invalid, "\(exception.path) is no path of the workspace")
            }
            switch exception.kind {
            case .hiddenFile: covers[path] = .hiddenFile
            case .hiddenDirectory: covers[path] = .hiddenDirectory
            case .readOnly where grant == .writable:
                if covers[path] ?? .pinned == .pinned { covers[path] = .readOnly }
            case .readOnly: continue
            }
            for end in path.indices where path[end] == slash && grant == .writable {
                covers[Array(path[..<end])] = covers[Array(path[..<end])] ?? .pinned
            }
        }
        // A directory within what is only read needs no pin, which would be open to be written; nothing within what is
        // hidden can be seen.
        let outer = covers
        covers = covers.filter { path, cover in
            !path.indices.contains { end in
                guard path[end] == slash else { return false }
                let parent = outer[Array(path[..<end])]
                return parent == .hiddenDirectory || (parent == .readOnly && cover == .pinned)
            }
        }
        list = covers.sorted {
            // What is in a directory comes right behind it.
            $0.key.map { $0 == slash ? 0 : $0 }.lexicographicallyPrecedes($1.key.map { $0 == slash ? 0 : $0 })
        }
        .map { (path: String(decoding: $0.key, as: UTF8.self), cover: $0.value) }
        guard list.count <= Self.maximumCount else {
            let example = list.first { $0.cover != .pinned }?.path ?? ""
            throw SandboxError(
                .workspace,
                "\(list.count) places of the workspace are kept from it, such as \(example), and \(Self.maximumCount) are the "
                    + "most. Somebody has to remove some, or to move them into a directory that a rule denies whole "
                    + "(\"secrets/**\"), which counts once"
            )
        }
    }

    /// Whether something is to be hidden, or kept from being written.
    var isEmpty: Bool { list.isEmpty }

    /// As a worker is given them: a letter and a path each, with a NUL behind it.
    var bytes: [UInt8] {
        list.flatMap { Array("\($0.cover.rawValue)\($0.path)".utf8) + [0] }
    }

    /// The arguments of bubblewrap, and the descriptors that they name by numbers from `first` on.
    ///
    /// All places are opened here, beneath the workspace and through no link. For those that stay visible bubblewrap checks
    /// that what it has mounted is what was opened. It mounts by path over those that are hidden: a link that
    /// appears there from outside at this very moment leads the mount elsewhere in what the call sees. An empty device on a file system
    /// without devices cannot be opened.
    func arguments(
        workspace: String,
        firstDescriptor first: Int
    ) throws(SandboxError) -> (arguments: [String], descriptors: [Descriptor]) {
        var (arguments, descriptors): ([String], [Descriptor]) = ([], [])
        for (path, cover) in list {
            let target = "/workspace/\(path)"
            let number = csandbox_open_place(workspace, path)
            guard number >= 0 else {
                throw SandboxError(.workspace, "\(path) cannot be protected: \(systemMessage(-number))")
            }
            let place = Descriptor(number)
            switch cover {
            case .pinned, .readOnly:
                arguments += [cover == .pinned ? "--bind-fd" : "--ro-bind-fd", "\(first + descriptors.count)", target]
                descriptors.append(place)
            case .hiddenFile: arguments += ["--ro-bind", "/dev/null", target]
            case .hiddenDirectory:
                arguments += ["--perms", "0000", "--tmpfs", target, "--remount-ro", target]
            }
        }
        return (arguments, descriptors)
    }
}
