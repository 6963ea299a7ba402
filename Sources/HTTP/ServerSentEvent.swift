/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// The event's type, or `nil` if it has none and is a plain message.
    public var event: String?

    /// The data; the lines of several `data` fields are joined by line feeds.
    public var data: String

    /// The last event identifier in force when the event was dispatched, or `nil` if there never was one.
    public var id: String?

    /// The reconnection time the event's block asked for, if it did.
    public var retry: Duration?

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - event: The event's type.
    ///   - data: The data.
    ///   - id: The last event identifier.
    ///   - retry: The reconnection time.
    public init(event: String? = nil, data: String, id: String? = nil, retry: Duration? = nil) {
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry
    }
}
