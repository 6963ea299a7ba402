import ArgumentParser

/// A turn as commands take it: `CONVERSATION/SEQ`.
struct TurnName: ExpressibleByArgument {
    let conversation: String
    /// The submission, from 1.
    let seq: Int64

    init?(argument: String) {
        guard let slash = argument.lastIndex(of: "/"), slash > argument.startIndex,
            let seq = Int64(argument[argument.index(after: slash)...]), seq > 0
        else { return nil }
        (conversation, self.seq) = (String(argument[..<slash]), seq)
    }
}
