import JSON
import Logging
import SandboxProbe
import Testing

@testable import Sandbox

@Suite struct ExaminationTests {
    private static let machine = ExaminationReport.Machine(isolation: .namespaces, shortcomings: [], landlockVersion: 6)

    private static func report(
        _ machine: ExaminationReport.Machine = machine,
        changed: [String: ExaminationFinding.Result] = [:]
    ) -> ExaminationReport {
        let findings = ExaminationReport.names.map { ExaminationFinding($0, "tried", changed[$0] ?? .refused("EPERM")) }
        return ExaminationReport(machine: machine, findings: findings)
    }

    @Test func allLayersThatHoldAreFull() {
        let report = Self.report()
        #expect(report.level == .full && report.complaint == nil)
        #expect(report.layers.map(\.name) == ExaminationReport.names)
        #expect(report.layers.first == SandboxLayer("user_namespace", .holds, "tried → EPERM"))
    }

    @Test(arguments: ExaminationReport.names)
    func oneBreachOfAnyLayerIsNone(name: String) {
        let report = Self.report(changed: [name: .breach("a file")])
        #expect(report.level == .none)
        #expect(report.layers.first { $0.name == name }?.state == .broken)
        #expect(report.complaint == "\(name): tried → NOT REFUSED (a file)")
    }

    @Test func whatTheMachineLacksIsReducedAndNoBreach() {
        var machine = Self.machine
        machine.landlockVersion = 0
        let report = Self.report(machine, changed: ["landlock": .breach("4")])
        #expect(report.level == .reduced && report.complaint == nil)
        #expect(report.layers.first { $0.name == "landlock" }?.state == .missing)
        machine = .init(isolation: .landlock, shortcomings: ["bwrap is missing"], landlockVersion: 6)
        let shared = Self.report(
            machine,
            changed: ["pid_namespace": .breach("17"), "shell": .untried("no namespaces")]
        )
        #expect(shared.level == .reduced)
        #expect(shared.layers.first { $0.name == "pid_namespace" }?.detail == "bwrap is missing")
        #expect(shared.layers.first { $0.name == "shell" }?.state == .missing)
    }

    @Test func withoutFunctionsThereIsNone() {
        let untried = ExaminationReport.names.map { ExaminationFinding($0, "ran", .untried("python3 is missing")) }
        #expect(ExaminationReport(machine: Self.machine, findings: untried).level == .none)
        #expect(ExaminationReport(machine: Self.machine, findings: []).level == .none)
    }

    @Test func noWorkspaceIsNothingMissing() {
        #expect(Self.report(changed: ["workspace": .untried("there is no workspace")]).level == .full)
    }

    @Test func linesOfACommandAreFindings() {
        let findings = ExaminationFinding.lines("shell|read x|refused\nnoise\nshell|made y|done\n")
        #expect(
            findings == [
                ExaminationFinding("shell", "read x", .refused("refused")),
                ExaminationFinding("shell", "made y", .breach("done")),
            ]
        )
    }

    /// The machine that runs these tests has all layers.
    @Test(arguments: HostileUser.available)
    func everyLayerHoldsHere(user: HostileUser) async throws {
        try await HostileMachine.with(user) { machine in
            let report = try await machine.examine()
            #expect(report.level == "full", "\(report)")
            #expect(report.layers.map(\.name) == ExaminationReport.names)
            #expect(report.layers.allSatisfy { $0.state == "holds" }, "\(report)")
        }
    }

    @Test func aChoiceToRunWithoutIsTold() async {
        let logger = Logger(label: "examination") { _ in SwiftLogNoOpLogHandler() }
        let sandbox = Sandbox(SandboxConfiguration(enforcement: .none), logger: logger)
        let report = await sandbox.examine()
        #expect(report.level == .none && report.layers.map(\.name) == ["enforcement"])
        await sandbox.shutdown()
    }

    @Test func aSandboxThatDoesNotHoldRefuses() async throws {
        let logger = Logger(label: "examination") { _ in SwiftLogNoOpLogHandler() }
        let sandbox = Sandbox(logger: logger)
        sandbox.refuse(after: Self.report(changed: ["network": .breach("a socket")]))
        let error = await #expect(throws: SandboxError.self) {
            _ = try await sandbox.run(PythonCall(.script, source: "1"))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "the sandbox does not hold: network: tried → NOT REFUSED (a socket)")
        let second = await #expect(throws: SandboxError.self) {
            _ = try await sandbox.run(ShellCall("true", workspace: .none))
        }
        #expect(second == error)
        await sandbox.shutdown()
    }
}
