/// What a command does when the private server is not running.
enum ServerStart {
    /// Creates it if need be, and starts it.
    case create
    /// Starts it if there is one.
    case ifCreated
}
