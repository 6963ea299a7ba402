import Dispatch
import FoundationEssentials
import Glibc
import JSON
import SandboxProbe
import TestSupport

/// The sandbox of another user, asked through pipes, one question at a time.
final class HostileProbe: Sendable {
    private let questions: Int32
    private let answers: Int32
    private let process: pid_t
    private let queue = DispatchQueue(label: "probe")

    /// The program beside the tests' own.
    static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/SandboxProbe"
    }()

    /// Starts the program as a user, with variables that nothing in the sandbox may see.
    ///
    /// - Parameters:
    ///   - user: Nil is whoever runs the tests.
    ///   - machine: Nil is the machine as it is.
    ///   - workspace: The sandbox's.
    ///   - environment: The variables.
    init(
        user: uid_t?,
        machine: LesserMachine? = nil,
        workspace: String,
        environment: [String: String] = [:]
    ) throws {
        var input: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        guard pipe(&input) == 0, pipe(&output) == 0 else {
            throw HostileScene.Failure(call: "pipe", number: errno)
        }
        // The probe must not hold the other ends, or it would never see that the tests are gone.
        for descriptor in input + output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        closeInheritedDescriptors(&actions)
        let command = Self.command(user, machine, workspace)
        let words = command.map { strdup($0) }
        let variables = environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }.map { strdup("\($0.key)=\($0.value)") }
        defer { (words + variables).forEach { free($0) } }
        var process = pid_t()
        let failure = posix_spawn(&process, command[0], &actions, nil, words + [nil], variables + [nil])
        close(input[0])
        close(output[1])
        guard failure == 0 else { throw HostileScene.Failure(call: "posix_spawn", number: failure) }
        questions = input[1]
        answers = output[0]
        self.process = process
    }

    /// It ends with the questions.
    deinit {
        close(questions)
        close(answers)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
    }

    /// The machine first, as making it may take root.
    private static func command(_ user: uid_t?, _ machine: LesserMachine?, _ workspace: String) -> [String] {
        let rights = user.map {
            ["/usr/bin/setpriv", "--reuid", "\($0)", "--regid", "\($0)", "--clear-groups", "--inh-caps=-all"]
        }
        return (machine?.command ?? []) + (rights ?? []) + [executable, workspace]
    }

    /// Sends a call and waits for what came of it.
    func ask(_ question: JSONValue) async throws -> JSONValue {
        let line = Array(JSONText(question).string.utf8) + [10]
        let text = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.exchange(line)) }
        }
        guard let text else { throw Gone() }
        let answer = try JSONValue(parsing: text)
        if let reason = answer["refused"]?.stringValue { throw Refused(description: reason) }
        return answer
    }

    struct Gone: Error {}

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private func exchange(_ line: [UInt8]) -> String? {
        var sent = 0
        while sent < line.count {
            let count = line.withUnsafeBytes { write(questions, $0.baseAddress?.advanced(by: sent), line.count - sent) }
            guard count > 0 else { return nil }
            sent += count
        }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while answer.last != 10 {
            let count = read(answers, &part, part.count)
            guard count > 0 else { return nil }
            answer += part[..<count]
        }
        return String(decoding: answer.dropLast(), as: UTF8.self)
    }
}
