/// What holds the interpreter.
enum Isolation: String, Sendable, Hashable {
    /// Namespaces by bubblewrap, Landlock where the kernel has it, system call filter, limits.
    case namespaces
    /// Landlock, system call filter, limits.
    case landlock
    /// Nothing, by explicit choice.
    case none
}
