/// What a listener is told.
public enum PostgresListenEvent: Sendable, Hashable {
    /// From now on notifications arrive. Some may have been missed before, so read again what they are about.
    case connected
    /// Somebody notified a channel.
    case notification(channel: String, payload: String)
}
