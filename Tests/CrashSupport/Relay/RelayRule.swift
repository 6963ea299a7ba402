/// What a relay does with a statement.
struct RelayRule: Sendable {
    /// On which side of the server's doing something.
    enum Moment: Sendable {
        /// The server has not been sent the statement.
        case request
        /// The server has done and committed it, and the client has not heard of it.
        case answer
    }

    enum Action: Sendable {
        case hold(RelayHold)
        case cut
    }

    let moment: Moment
    let action: Action
    /// A piece of the statement's text.
    let fragment: String
    /// The `application_name` of the connections that it is about; nil for all.
    let application: String?
    /// How many statements it is for.
    var remaining: Int

    func fits(_ statement: String, of application: String) -> Bool {
        (self.application == nil || self.application == application) && statement.contains(fragment)
    }
}
