import FoundationEssentials
import Sandbox
import SandboxProbe
import TestSupport
import Testing

/// The levels of docs/sandbox.md, on machines that are like that.
@Suite(.enabled(if: LesserMachine.obstacle == nil, "\(LesserMachine.obstacle ?? "")"))
struct LesserMachineTests {
    private static let withoutNamespaces: [LesserMachine] = [
        .withoutBubblewrap, .withoutUserNamespaces, .withoutNamespaces,
    ]
    private static let write = HostileStep.python(
        """
        write("made", b"new")
        return {"made": read("made").decode(), "sum": 6 * 7}
        """,
        workspace: .writable,
        answers: ["made": "new", "sum": "42"]
    )
    private static let command = HostileStep.shell("cat notes.txt", says: ["notes"])

    /// What the error of a call says.
    private func refusal(_ step: HostileStep, _ machine: HostileMachine) async -> String {
        let error = await #expect(throws: HostileProbe.Refused.self) { _ = try await machine.run(step) }
        return error?.description ?? ""
    }

    /// What is missing, and how to get it.
    private func advice(_ machine: LesserMachine) -> [String] {
        switch machine {
        case .withoutBubblewrap: ["/usr/bin/bwrap is missing", "apt-get install bubblewrap"]
        case .withoutUserNamespaces: ["the kernel gives no namespaces", "user.max_user_namespaces above 0"]
        default: ["the kernel gives no namespaces", "in a container, allow them in its profile"]
        }
    }

    @Test(arguments: withoutNamespaces + [.withoutLandlock], HostileUser.available)
    func aGoodCallWorks(lesser: LesserMachine, user: HostileUser) async throws {
        try await HostileMachine.with(user, on: lesser) { machine in
            let outcome = try await machine.run(Self.write)
            #expect(outcome.complaints(about: Self.write) == [], "\(outcome.summary)")
            #expect(FileManager.default.contents(atPath: "\(machine.scene.workspace)/made") == Data("new".utf8))
        }
    }

    @Test(arguments: withoutNamespaces, [false, true])
    func aCommandLineIsRefusedWithWhatIsMissing(lesser: LesserMachine, isFirstCall: Bool) async throws {
        try await HostileMachine.with(.this, on: lesser) { machine in
            if !isFirstCall { _ = try await machine.run(.fine) }
            let refusal = await refusal(Self.command, machine)
            for words in advice(lesser) { #expect(refusal.contains(words)) }
        }
    }

    @Test func withoutLandlockACommandLineRuns() async throws {
        try await HostileMachine.with(.this, on: .withoutLandlock) { machine in
            let outcome = try await machine.run(Self.command)
            #expect(outcome.complaints(about: Self.command) == [], "\(outcome.summary)")
        }
    }

    @Test(arguments: HostileUser.available)
    func withNeitherNothingIsRun(user: HostileUser) async throws {
        try await HostileMachine.with(user, on: .withoutEither) { machine in
            for step in [HostileStep.fine, Self.command] {
                let refusal = await refusal(step, machine)
                for words in advice(.withoutEither) { #expect(refusal.contains(words)) }
            }
            #expect(await refusal(.fine, machine).contains("the kernel has no Landlock (5.13) to do without it"))
            let report = try await machine.examine()
            #expect(report.level == "none")
        }
    }

    @Test(arguments: HostileUser.available)
    func anExaminationSaysWhatIsMissingAndCallsGoOn(user: HostileUser) async throws {
        for lesser in Self.withoutNamespaces + [.withoutLandlock] {
            try await HostileMachine.with(user, on: lesser) { machine in
                let report = try await machine.examine()
                #expect(report.level == "reduced", "\(report)")
                let missing = Set(report.layers.filter { $0.state != "holds" }.map(\.name))
                let expected: Set = lesser.hasNamespaces ? ["landlock"] : ["user_namespace", "pid_namespace", "shell"]
                #expect(missing == expected, "\(report)")
                #expect(report.layers.filter { $0.state != "holds" }.allSatisfy { $0.state == "missing" })
                #expect(try await machine.run(.fine).result == "42")
            }
        }
    }
}
