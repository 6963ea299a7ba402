/// What of a stream can be had without waiting.
package enum HTTPArrival<Element: Sendable>: Sendable {
    /// The next element.
    case element(Element)
    /// The end: nothing follows.
    case end
    /// Nothing yet: what comes has to be waited for.
    case nothing
}
