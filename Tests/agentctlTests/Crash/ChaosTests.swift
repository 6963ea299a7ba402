import CrashSupport
import Testing

/// A short run of what `scripts/chaos` runs at any length.
struct ChaosTests {
    @Test func workersConnectionsAndTheServerFailAtRandomAndAllPromisesAreKept() async throws {
        let report = try await ChaosTrial(seed: 20_261, duration: .seconds(12)).run()
        #expect(report.violations.isEmpty, "\(report): \(report.violations)")
        #expect(report.submissions > 10 && report.faults.count > 2)
    }
}
