import Testing

/// Code that attacks the sandbox.
///
/// Each attack must fail, in the way that it says, and leave nothing on the host.
@Suite(.serialized) struct HostileTests {
    @Test(arguments: HostileUser.available, HostileCase.all)
    func everyAttackFails(user: HostileUser, attack: HostileCase) async throws {
        try await HostileMachine.of(user).withstand(attack)
    }

    @Test func theCorpusIsAsLargeAsItShouldBeAndGoesForEverything() {
        #expect(HostileCase.all.count >= 150)
        #expect(Set(HostileCase.all.map(\.testDescription)).count == HostileCase.all.count)
        #expect(Set(HostileCase.all.map(\.category)) == Set(HostileCategory.allCases))
    }
}
