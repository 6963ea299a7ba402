import Glibc

/// Says on standard error how far the run has come.
enum Progress {
    static func say(_ text: String) {
        var line = Array("benchmarks: \(text)\n".utf8)
        _ = write(STDERR_FILENO, &line, line.count)
    }
}
