import Glibc
import Synchronization

/// A file descriptor that text is written to, until nobody reads it any more.
final class TextStream: Sendable {
    /// Whether a person reads it.
    let isTerminal: Bool
    /// Whether colours are wanted: on a terminal, and without `NO_COLOR`.
    let hasColour: Bool

    private let descriptor: Int32
    private let isClosed = Mutex(false)
    private let failureNumber = Mutex<Int32>(0)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        hasColour = isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// The columns of the terminal; nil when there is none.
    var columns: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

    /// The rows of the terminal; nil when there is none.
    var rows: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

    private var size: winsize? {
        guard isTerminal else { return nil }
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    /// Why text could not be written; nil if all was, or if the reader went away.
    var failure: String? {
        let number = failureNumber.withLock { $0 }
        return number == 0 || number == EPIPE ? nil : String(cString: strerror(number))
    }

    /// Whether the output may still have a reader; a pipe says so before the next write.
    var isRead: Bool {
        guard !isClosed.withLock({ $0 }) else { return false }
        var request = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&request, 1, 0) <= 0 || request.revents & Int16(POLLERR | POLLHUP) == 0
    }

    /// Content that others wrote, as this stream gets it: only a terminal can be steered by it, a file or a pipe gets it as
    /// it is.
    func shown(_ text: String) -> String {
        isTerminal ? Printable.text(text) : text
    }

    /// JSON, as this stream gets it.
    func shown(json text: String) -> String {
        isTerminal ? Printable.json(text) : text
    }

    /// Writes text; once a write failed because the reader is gone, does nothing.
    ///
    /// Whatever the text is, a terminal gets none of the control characters that only others' content can hold.
    func write(_ text: String) {
        guard !text.isEmpty else { return }
        var text = isTerminal ? Printable.unsteered(text) : text
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            text.withUTF8 { bytes in
                isClosed = !writeAll(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, -1)
            } else if errno != EINTR {
                let number = errno
                failureNumber.withLock { $0 = number }
                return false
            }
        }
        return true
    }
}
