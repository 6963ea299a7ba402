import Glibc
import Subprocess

/// One run of a program as the server's user, in a session of its own, with a time limit.
///
/// Subprocess could change the user itself, but does so between a bare `clone3` and `exec` with the C library's `setgroups`,
/// `setgid` and `setuid`. These wait for every thread that the library knows of, and one that was just being made in
/// the parent never answers in the child: such runs hung. So `setpriv` of util-linux changes the user, after `exec`.
struct ServerCommand: Sendable {
    let executable: String
    let arguments: [String]
    let account: ServerAccount
    /// Where the program runs: the caller's own directory may be closed to the server's user.
    let workingDirectory: String
    /// All the program sees: variables like PGHOST or PGOPTIONS of the caller must not reach the server's programs.
    let environment: [String: String]

    /// How a program ended and what it wrote, both streams in their order.
    struct Output: Sendable, Hashable {
        let isSuccess: Bool
        let text: String
    }

    /// Runs the program to its end.
    ///
    /// It reads nothing: writing to a program that has ended would raise SIGPIPE, which Subprocess leaves to its users.
    ///
    /// - Parameter timeLimit: After this time the program is ended, with SIGTERM and two seconds later with SIGKILL.
    /// - Throws: ``PostgresServerError/Code/commandFailed`` when the program cannot be started or writes more than 256 KiB,
    ///   ``PostgresServerError/Code/timedOut`` and ``PostgresServerError/Code/cancelled``.
    func run(timeLimit: Duration) async throws(PostgresServerError) -> Output {
        guard access(executable, X_OK) == 0 else {
            throw PostgresServerError(
                .commandFailed,
                "cannot run \(executable) as \(account.name): \(errorText(errno))"
            )
        }
        do {
            let output = try await withThrowingTaskGroup(of: Output?.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await execute() }
                group.addTask {
                    try await Task.sleep(for: timeLimit)
                    return nil
                }
                return try await group.next() ?? nil
            }
            guard !Task.isCancelled else {
                throw PostgresServerError.cancelled
            }
            guard let output else {
                throw PostgresServerError(.timedOut, "\(executable) did not finish within \(timeLimit)")
            }
            return output
        } catch let error as PostgresServerError {
            throw error
        } catch {
            guard !Task.isCancelled else {
                throw .cancelled
            }
            throw PostgresServerError(.commandFailed, "cannot run \(executable) as \(account.name): \(error)")
        }
    }

    private func execute() async throws -> Output {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        let command = userChange + [executable] + arguments
        let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        let result = try await Subprocess.run(
            .path(path(command[0])),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: path(workingDirectory),
            platformOptions: options,
            input: .none,
            output: .string(limit: 262_144),
            error: .combinedWithOutput
        )
        return Output(isSuccess: result.terminationStatus.isSuccess, text: result.standardOutput)
    }

    private var userChange: [String] {
        guard account.isForeign else {
            return []
        }
        return ["/usr/bin/setpriv", "--reuid=\(account.userID)", "--regid=\(account.groupID)", "--clear-groups", "--"]
    }

    /// A file path from text, by its literal: its other initializers belong to a package that this target does not use.
    private func path<Path: ExpressibleByStringLiteral>(_ text: String) -> Path where Path.StringLiteralType == String {
        Path(stringLiteral: text)
    }
}
