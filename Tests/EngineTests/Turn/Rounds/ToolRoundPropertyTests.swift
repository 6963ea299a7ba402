import Testing

@testable import Engine

struct ToolRoundPropertyTests {
    /// No call with an effect runs without a stored intent, none happens twice, every call is answered exactly once:
    /// ``RoundWorld`` checks it at each step.
    @Test(arguments: 0..<20)
    func promises3To5HoldThroughCrashesLostLeasesOperatorsAndInterruptions(block: Int) throws {
        for seed in UInt64(block * 500)..<UInt64(block * 500 + 500) {
            var world = RoundWorld(seed: seed)
            do {
                let calls = try world.run()
                let violations = world.violations(of: calls)
                #expect(violations.isEmpty, "seed \(seed): \(violations.joined(separator: "; "))")
            } catch {
                Issue.record("seed \(seed), attempt \(world.attempts): \(error)")
            }
        }
    }
}
