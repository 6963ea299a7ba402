internal import Conversation

extension [ToolCallRequest] {
    /// Most bytes of what is kept beside the calls of an answer, as JSON: 256 KiB.
    private static var longestNatives: Int { 262_144 }

    /// Keeps nothing beside the calls if it is too long.
    ///
    /// It is stored with the conversation and read with each turn. A part of it would be refused.
    mutating func dropLongNatives() {
        guard reduce(0, { $0 + ($1.native?.byteCount ?? 0) }) > Self.longestNatives else { return }
        for index in indices { self[index].native = nil }
    }
}
