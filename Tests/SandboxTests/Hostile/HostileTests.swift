import Glibc
import JSON
import Sandbox
import Testing

/// Code that attacks the sandbox.
///
/// Each attack must fail, in the way that it says, and leave nothing on the host.
@Suite(.serialized) struct HostileTests {
    @Test("Every attack fails", arguments: HostileUser.available, HostileCase.all)
    func attack(user: HostileUser, attack: HostileCase) async throws {
        let machine = try await HostileMachine.of(user)
        let scene = machine.scene
        try scene.resetWorkspace()
        for (number, step) in attack.steps.enumerated() {
            let outcome = try await machine.run(step)
            let seen = "step \(number + 1): \(outcome.summary)"
            #expect(outcome.complaints(about: step) == [], "\(seen)")
            #expect(!outcome.text.contains(scene.secret), "\(seen)")
        }
        #expect(scene.damage() == [])
        #expect(await survivors(in: scene) == [])
        // And the sandbox still does what it is for.
        #expect(try await machine.run(.fine).result == "42")
    }

    /// Processes that an attack started; those that are being killed have half a minute to go.
    private func survivors(in scene: HostileScene) async -> [String] {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if scene.survivors("86399").isEmpty { return [] }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return scene.survivors("86399")
    }

    @Test("The corpus is as large as it should be, and goes for everything")
    func corpus() {
        #expect(HostileCase.all.count >= 150)
        #expect(Set(HostileCase.all.map(\.testDescription)).count == HostileCase.all.count)
        #expect(Set(HostileCase.all.map(\.category)) == Set(HostileCategory.allCases))
    }
}

extension HostileStep {
    /// What honest code does.
    static let fine = HostileStep(code: .python("def attack():\n    return 6 * 7\n"), isSafeMode: true)
}
