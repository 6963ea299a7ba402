/// The server's log files, as they were before a start, to show what the start has written.
struct ServerLog: Sendable, Hashable {
    private let layout: ServerLayout
    /// The length of each file, in bytes.
    private let lengths: [String: Int]

    init(of layout: ServerLayout) {
        self.layout = layout
        lengths = Self.files(in: layout).reduce(into: [:]) { $0[$1] = FileStatus(of: $1)?.size ?? 0 }
    }

    /// What was written since, at most 4,096 bytes of each file; first the output of the start itself.
    func tail() -> String {
        var text = ""
        for path in Self.files(in: layout) {
            // The file of a start is a new one each time.
            let start = path == layout.startLog ? 0 : lengths[path] ?? 0
            text += (try? SmallFile.read(path, from: start, limit: 4_096)?.text) ?? ""
        }
        return text
    }

    private static func files(in layout: ServerLayout) -> [String] {
        let collected = (Directory.names(in: layout.logs) ?? []).filter { $0.hasPrefix("postgres-") }
        return [layout.startLog] + collected.sorted().map { "\(layout.logs)/\($0)" }
    }
}
