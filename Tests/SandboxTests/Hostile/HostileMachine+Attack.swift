import TestSupport
import Testing

extension HostileMachine {
    /// Expects that an attack fails as it says, leaves nothing on the host, and that the sandbox does its work afterwards.
    func withstand(_ attack: HostileCase) async throws {
        try scene.resetWorkspace()
        for (number, step) in attack.steps.enumerated() {
            let step = try step.aimed(at: scene)
            let outcome = try await run(step)
            let seen = "step \(number + 1): \(outcome.summary)"
            #expect(outcome.complaints(about: step) == [], "\(seen)")
            #expect(!outcome.text.contains(scene.secret), "\(seen)")
        }
        #expect(scene.damage() == [])
        // Those that are being killed have a while to go.
        try? await eventually("the end of all probes", within: .seconds(30)) { scene.survivors().isEmpty }
        #expect(scene.survivors() == [])
        #expect(try await run(.fine).result == "42")
    }
}

extension HostileStep {
    /// What honest code does.
    static let fine = HostileStep(code: .python("def attack():\n    return 6 * 7\n"), isSafeMode: true)
}
