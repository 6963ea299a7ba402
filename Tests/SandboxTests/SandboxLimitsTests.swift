import Sandbox
import Testing

@Suite struct SandboxLimitsTests {
    @Test func limitsAreThoseOfTheDocumentation() {
        #expect(SandboxLimits().timeout == .seconds(30))
        #expect(SandboxLimits().memoryBytes == 536_870_912)
    }
}
