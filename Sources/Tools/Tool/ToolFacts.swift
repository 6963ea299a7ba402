package import JSON

/// What a call of a tool would do, as far as rules of a policy can be about it.
///
/// The tool says so itself, in ``Tool/facts(of:)``: a policy knows no tool by its name and no argument by its own.
package struct ToolFacts: Sendable, Hashable {
    /// What a rule can be about.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// A command line.
        case commandLine
        /// A path of the workspace.
        case path
        /// A URL.
        case url
    }

    /// What people are asked about, and what a standing approval is for.
    ///
    /// Anything but ``arguments`` is for tools whose other arguments do not change what is done.
    package enum Subject: Sendable, Hashable {
        /// All arguments.
        case arguments
        /// The command line, and the directory that it runs in.
        case command(String, directory: String)
        /// The method and the host.
        case request(method: String, url: String)
        /// The path.
        case path(String)
    }

    /// The command lines that it runs, as a shell reads them.
    package var commandLines: [String] = []
    /// The paths that it reads or writes, as they were given.
    package var paths: [String] = []
    /// The URLs that it sends requests to, as they were given.
    package var urls: [String] = []
    /// What people are asked about.
    package var subject: Subject = .arguments
    /// What it also does and what is not known before it runs.
    package var unknown: Set<Kind> = []
    /// Whether it may use files of the workspace that it does not name.
    ///
    /// Those that a rule denies are kept from it while it runs; a rule that asks about a path asks about the call.
    package var mayUseFiles = false
    /// Whether it does more than these facts say: no rule allows it because of them.
    package var isPartial = false

    /// A call that runs no command line and is about no path and no URL.
    package init() {}

    /// The facts of a tool that says nothing about its arguments: those named `command`, `path` and `url` are taken for what
    /// they are called.
    package init(named arguments: JSONValue) {
        commandLines = arguments["command"]?.stringValue.map { [$0] } ?? []
        paths = arguments["path"]?.stringValue.map { [$0] } ?? []
        urls = arguments["url"]?.stringValue.map { [$0] } ?? []
    }
}

extension ToolFacts {
    /// The facts of a call that is about one path and nothing else.
    package init(path: JSONValue?) {
        guard let path = path?.stringValue else { return }
        paths = [path]
        subject = .path(path)
    }

    /// Adds what a part of the call does.
    ///
    /// - Parameters:
    ///   - part: Its facts.
    ///   - gap: Stands in texts for what is not known yet.
    package mutating func add(_ part: ToolFacts, withoutTextsThatHold gap: String) {
        func known(_ texts: [String], _ kind: Kind) -> [String] {
            let known = texts.filter { !$0.contains(gap) }
            if known.count < texts.count { unknown.insert(kind) }
            return known
        }
        unknown.formUnion(part.unknown)
        mayUseFiles = mayUseFiles || part.mayUseFiles
        commandLines += known(part.commandLines, .commandLine)
        paths += known(part.paths, .path)
        urls += known(part.urls, .url)
    }
}
