/// What a hostile call goes for.
enum HostileCategory: String, Sendable, CaseIterable {
    case files
    case environment
    case network
    case processes
    case kernel
    case memory
    case time
    case disk
    case output
    case forgery
    case state
    case python
    case shell
}
