import JSON
import Sandbox
import SandboxProbe

/// One call of an attack, and how it must fail.
struct HostileStep: Sendable {
    /// What is run.
    enum Code: Sendable {
        case python(String)
        case shell(String)
    }

    var code: Code
    var workspace: WorkspaceGrant = .none
    var limits: SandboxLimits = .hostile
    var context: JSONValue?
    var isSafeMode = false
    /// How it may end.
    var ends: [ExitReason] = [.ok]
    /// For each attempt in the result, an object, the words that prove that it was refused, separated by bars.
    ///
    /// A star stands for whatever comes.
    /// Nil does not look at the result.
    var answers: [String: String]?
    /// Texts that have to stand in the error or in what was printed.
    var says: [String] = []
    /// System calls that the kernel has to have reported.
    var records: [String] = []

    /// The body of a function that is called; attempts are made with the words of ``prelude``.
    static func python(
        _ body: String,
        workspace: WorkspaceGrant = .none,
        limits: SandboxLimits = .hostile,
        context: JSONValue? = nil,
        isSafeMode: Bool = false,
        ends: [ExitReason] = [.ok],
        answers: [String: String]? = nil,
        says: [String] = [],
        records: [String] = []
    ) -> HostileStep {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        let head = isSafeMode ? "" : prelude
        let function = "def attack(\(context == nil ? "" : "context")):\n" + lines.joined(separator: "\n") + "\n"
        return HostileStep(
            code: .python(head + function),
            workspace: workspace,
            limits: limits,
            context: context,
            isSafeMode: isSafeMode,
            ends: ends,
            answers: answers,
            says: says,
            records: records
        )
    }

    /// A whole module, which has to bring its own function `attack`.
    static func module(
        _ source: String,
        limits: SandboxLimits = .hostile,
        isSafeMode: Bool = false,
        ends: [ExitReason],
        says: [String] = []
    ) -> HostileStep {
        HostileStep(code: .python(source), limits: limits, isSafeMode: isSafeMode, ends: ends, says: says)
    }

    /// A command line.
    static func shell(
        _ command: String,
        workspace: WorkspaceGrant = .readOnly,
        limits: SandboxLimits = .hostile,
        ends: [ExitReason] = [.ok],
        says: [String] = []
    ) -> HostileStep {
        HostileStep(code: .shell(command), workspace: workspace, limits: limits, ends: ends, says: says)
    }
}

extension HostileStep {
    /// The step with the names of what it attacks.
    func aimed(at scene: HostileScene) throws -> HostileStep {
        var step = self
        step.code =
            switch code {
            case .python(let source): .python(scene.aimed(source))
            case .shell(let command): .shell(scene.aimed(command))
            }
        step.context = try context.map { try JSONValue(parsing: scene.aimed(JSONText($0).string)) }
        step.answers = answers.map { Dictionary(uniqueKeysWithValues: $0.map { (scene.aimed($0.key), $0.value) }) }
        return step
    }
}

extension SandboxLimits {
    /// Enough for any attack that is not on the limits themselves, also on a busy machine.
    static let hostile = SandboxLimits(
        timeout: .seconds(30),
        memoryBytes: 64 << 20,
        outputBytes: 64 << 10,
        resultBytes: 64 << 10,
        fileBytes: 1 << 20
    )

    /// The same with a time that an attack is meant to exceed.
    static let brief = hostile.with(timeout: .milliseconds(700))

    /// The same with another time.
    func with(timeout: Duration) -> SandboxLimits {
        var limits = self
        limits.timeout = timeout
        return limits
    }
}
