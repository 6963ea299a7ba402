/// What a listener receives.
public enum PostgresListenEvent: Sendable, Hashable {
    /// From now on notifications arrive. Some may have been missed before, so read again what they are about.
    case connected
    /// A session notified a channel.
    case notification(channel: String, payload: String)
}
