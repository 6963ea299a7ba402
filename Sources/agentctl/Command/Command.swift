import ArgumentParser

/// A command that does something, with the options that all of them have.
protocol Command: AsyncParsableCommand {
    /// The options that all commands have.
    var options: GlobalOptions { get }

    /// Does what was asked for.
    ///
    /// - Returns: The exit status of the process.
    /// - Throws: Anything that ``CommandFailure`` can be made of.
    func run(on console: Console) async throws -> ExitStatus
}
