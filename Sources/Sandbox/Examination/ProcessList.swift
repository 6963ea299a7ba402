internal import Glibc

/// The processes that this one can see.
enum ProcessList {
    /// Whether one of them was started with these words, each with a NUL behind it.
    static func hasCommand(_ words: String) -> Bool {
        guard let directory = opendir("/proc") else { return false }
        defer { closedir(directory) }
        let wanted = Array(words.utf8)
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if Int(name) != nil, command(of: name).elementsEqual(wanted) { return true }
        }
        return false
    }

    private static func command(of process: String) -> [UInt8] {
        let descriptor = open("/proc/\(process)/cmdline", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }
}
