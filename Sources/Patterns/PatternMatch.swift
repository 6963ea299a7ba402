/// One place where a pattern matched.
public struct PatternMatch: Sendable, Hashable {
    /// What the groups matched: the whole match first, then each group in order, `nil` for one that took no part.
    public let captures: [String?]

    /// Where the match is in the text, in UTF-8 bytes.
    public let range: Range<Int>
}
