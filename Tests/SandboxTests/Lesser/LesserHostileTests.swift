import TestSupport
import Testing

/// The corpus of hostile code on machines that lack a part of the sandbox.
@Suite(.serialized, .enabled(if: LesserMachine.obstacle == nil, "\(LesserMachine.obstacle ?? "")"))
struct LesserHostileTests {
    /// Each with a way of its own to be without a part.
    static let places: [(machine: LesserMachine, user: HostileUser)] = [
        (.withoutBubblewrap, .this), (.withoutNamespaces, .unprivileged), (.withoutLandlock, .this),
    ]

    @Test(arguments: places, HostileCase.all.filter(\.isOfFunctions))
    func everyAttackOfAFunctionFails(place: (machine: LesserMachine, user: HostileUser), attack: HostileCase)
        async throws
    {
        let machine = try await HostileMachine.of(place.user, on: place.machine)
        try await machine.withstand(attack.expected(on: place.machine))
    }

    @Test func whatIsExpectedOfAnAttackThatIsNoMoreIsExpectedInVain() {
        let names = Set(HostileCase.all.map(\.name))
        #expect(LesserDifference.all.flatMap(\.attacks).filter { !names.contains($0) } == [])
    }
}

extension HostileCase {
    /// Whether all of it is calls into Python.
    var isOfFunctions: Bool {
        steps.allSatisfy { if case .python = $0.code { true } else { false } }
    }

    /// The attack, with what is expected of a machine that lacks a part.
    func expected(on machine: LesserMachine) -> HostileCase {
        var attack = self
        for difference in LesserDifference.all where difference.attacks.contains(name) && !machine.hasNamespaces {
            for index in attack.steps.indices { difference.change(&attack.steps[index]) }
        }
        // What the machine's own filter refuses never comes to the sandbox's.
        for index in attack.steps.indices { attack.steps[index].records.removeAll(where: machine.refuses) }
        return attack
    }
}
