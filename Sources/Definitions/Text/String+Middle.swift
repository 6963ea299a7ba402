extension String {
    /// The text with its middle left out, and a note in its place that says how much.
    ///
    /// What is cut is never inside a code point. A text that is short enough is returned as it is.
    ///
    /// - Parameter limit: The most bytes; the note counts towards it.
    package func cutInTheMiddle(to limit: Int) -> String {
        let total = utf8.count
        guard total > limit else { return self }
        func note(_ bytes: Int) -> String { "\n[… \(bytes) bytes left out here …]\n" }
        let room = max(0, limit - note(total).utf8.count)
        // Of most outputs the beginning says what it is, and the end how it went.
        let head = prefix(utf8: room * 3 / 5)
        let tail = suffix(utf8: room - room * 3 / 5)
        return head + note(total - head.utf8.count - tail.utf8.count) + tail
    }
}
