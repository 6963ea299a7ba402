/// The lines of a file, without their line feeds.
///
/// Only where each begins is kept, so that a file of nothing but line breaks costs little more than itself.
struct FileLines {
    private let content: [UInt8]
    private var starts: [Int32] = []

    /// The lines of a file of less than 2 GiB.
    init(_ content: [UInt8]) {
        self.content = content
        var isAtStart = true
        for (offset, byte) in content.enumerated() {
            if isAtStart { starts.append(Int32(truncatingIfNeeded: offset)) }
            isAtStart = byte == UInt8(ascii: "\n")
        }
    }

    /// How many lines there are; what follows the last line feed is one unless it is empty.
    package var count: Int { starts.count }

    /// A line, from 0.
    package subscript(index: Int) -> ArraySlice<UInt8> {
        let end = index + 1 < starts.count ? Int(starts[index + 1]) : content.count
        let line = content[Int(starts[index])..<end]
        return line.last == UInt8(ascii: "\n") ? line.dropLast() : line
    }
}
