import Glibc

/// Who runs the sandbox that is attacked.
enum HostileUser: String, Sendable, CaseIterable {
    /// Whoever runs the tests.
    case this
    /// A user without any rights, by means of a program of its own; for tests that root runs.
    case unprivileged

    /// Those that this process can be.
    static var available: [HostileUser] { geteuid() == 0 ? allCases : [.this] }

    /// A number that no account has, and neither does the sandbox.
    static let unprivilegedNumber: uid_t = 61_234
}
