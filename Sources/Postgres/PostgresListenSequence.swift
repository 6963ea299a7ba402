/// The notifications of some channels; each iteration listens on a connection of its own.
struct PostgresListenSequence: AsyncSequence, Sendable {
    typealias Element = PostgresListenEvent
    typealias Failure = Never

    let client: PostgresClient
    let channels: [String]

    func makeAsyncIterator() -> Iterator {
        Iterator(subscription: PostgresSubscription(client: client, channels: channels))
    }

    /// Ends the subscription when it goes away.
    struct Iterator: AsyncIteratorProtocol {
        let subscription: PostgresSubscription

        func next(isolation: isolated (any Actor)?) async -> PostgresListenEvent? {
            await subscription.events.next()
        }

        func next() async -> PostgresListenEvent? {
            await subscription.events.next()
        }
    }
}

/// One iteration over notifications.
final class PostgresSubscription: Sendable {
    let events = PostgresListenEvents()
    private let client: PostgresClient
    private let listener: PostgresListener

    init(client: PostgresClient, channels: [String]) {
        self.client = client
        listener = PostgresListener(
            channels: channels,
            events: events,
            configuration: client.configuration,
            loop: client.reactor,
            logger: client.logger
        )
        client.add(listener)
    }

    deinit {
        client.remove(listener)
    }
}
