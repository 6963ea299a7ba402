import Testing

@testable import Conversation
@testable import Engine
@testable import Orchestration
@testable import Safety

/// The rows of `docs/promises.md` that a round of tool calls touches; each test names its row.
struct ToolRoundTests {
    private static let inspected = ToolRound.Inspection(isOn: true)
    private static let judged = ToolRound.Inspection(isOn: true, takesTime: true)

    /// A round as another attempt finds it.
    private func resumed(
        _ calls: [ToolCallRecord],
        inspection: ToolRound.Inspection = ToolRound.Inspection(),
        isInterrupted: Bool = false
    ) -> ToolRound {
        ToolRound(
            calls: calls.map { $0.reloaded(approval: $0.approval, outputApproval: $0.outputApproval) },
            inspection: inspection,
            isStored: true,
            isInterrupted: isInterrupted
        )
    }

    // MARK: Calls that delegate

    @Test func callsThatDelegateComeLastAndTheirTasksAreStoredWithTheRound() {
        var round = ToolRound(.sql, .pure, .sql, delegations: [0: .new, 2: .new])
        #expect(round.beginAllowed() == ["decide", "announce 1,2,3", "run 2"])
        #expect(texts(round.ran([round.succeeded(1)], isCancelled: false)) == ["report 2", "delegate 1,3"])
        #expect(texts(round.delegated([(0, .open(2)), (2, .open(1))], isCancelled: false)) == ["await 3"])
        #expect(round.states == [.planned, .succeeded, .planned])
    }

    @Test func aCallThatCannotBeDelegatedHasItsResultAtOnce() {
        var round = ToolRound(.sql, delegations: [0: .new])
        #expect(round.beginAllowed() == ["decide", "announce 1", "delegate 1"])
        let refused = round.failed(0, .invalidArguments).result
        #expect(texts(round.delegated([(0, .ended(refused))], isCancelled: false)) == ["answer", "report 1", "finish"])
        #expect(round.states == [.failed])
    }

    @Test func theResultsOfTasksAreInspectedAndThenAnswered() {
        let result = ToolRound(.sql).succeeded(0, "found").result
        var round = ToolRound(.sql, inspection: Self.inspected, isStored: true, delegations: [0: .ended(result)])
        #expect(texts(round.begin()) == ["decide"])
        #expect(texts(round.decide { _, _ in SafetyDecision(.deny, rule: "test") }) == ["inspect 1"])
        let verdicts = [(index: 0, verdict: GuardrailVerdict.passed("f"))]
        #expect(texts(round.inspected(verdicts, isCancelled: false)) == ["answer", "report 1", "save"])
        #expect(round.calls[0].result == "f")
    }

    @Test func aTurnThatIsWokenBeforeItsTasksHaveEndedWaitsAgain() {
        var round = ToolRound(.sql, isStored: true, delegations: [0: .open(2)])
        #expect(texts(round.begin()) == ["await 2"])
    }

    @Test func aTurnThatWasStoppedHasItsTasksStoppedAndEndsAfterThem() {
        var round = ToolRound(.sql, isStored: true, isInterrupted: true, delegations: [0: .open(2)])
        #expect(texts(round.begin()) == ["stop tasks", "await 2"])
        let result = ToolRound(.sql).succeeded(0, "secret").result
        round = ToolRound(.sql, isStored: true, isInterrupted: true, delegations: [0: .ended(result)])
        #expect(texts(round.begin()) == ["interrupt"])
        #expect(round.calls[0].result == "Error: The turn was stopped while its tasks ran.")
    }

    // MARK: Promise 4: nothing is silently run twice that must not be

    @Test func promise4TheIntentOfAnUnsafeCallIsStoredBeforeItRunsAndItsResultAfterIt() {
        var round = ToolRound(.unsafe)
        #expect(round.beginAllowed() == ["decide", "announce 1", "save"])
        #expect(round.states == [.started])
        #expect(texts(round.saved(true)) == ["run 1"])
        #expect(texts(round.ran([round.succeeded(0)], isCancelled: false)) == ["report 1", "answer", "save"])
        #expect(round.states == [.succeeded])
        #expect(texts(round.saved(true)) == ["finish"])
    }

    @Test func promise4AnUnsafeCallWhoseIntentIsNotStoredDoesNotRun() {
        var round = ToolRound(.unsafe, .pure)
        _ = round.beginAllowed()
        #expect(texts(round.saved(false)) == ["abandon notStored"])
        #expect(texts(round.saved(true)) == [])
    }

    @Test(arguments: [ToolEffect.pure, .idempotent]
    )
    func promise4WhatIsPureOrIdempotentIsRunAgainAfterACrash(_ effect: ToolEffect) {
        var round = resumed([.planned(1, effect), .planned(2, .unsafe, .succeeded)])
        #expect(round.beginAllowed() == ["decide", "announce 1", "run 1"])
    }

    @Test func promise4WhatIsSqlRunsInTheTransactionThatStoresItsResult() {
        var round = ToolRound(.sql, .pure, .sql)
        #expect(round.beginAllowed() == ["decide", "announce 1,2,3", "run 2"])
        #expect(texts(round.ran([round.succeeded(1)], isCancelled: false)) == ["report 2", "transaction 1,3"])
        let results = [(ran: round.succeeded(0), verdict: nil as GuardrailVerdict?), (round.failed(2), nil)]
        #expect(texts(round.ranInTransaction(results)) == ["answer"])
        #expect(texts(round.committed(true, isCancelled: false)) == ["report 1,3", "finish"])
        #expect(round.states == [.succeeded, .succeeded, .failed])
    }

    @Test func promise4ATransactionThatWasNotCommittedOrMayNotHaveBeenIsNotBegunAgainHere() {
        var round = ToolRound(.sql)
        _ = round.beginAllowed()
        var within = round
        #expect(texts(within.ranInTransaction([(within.succeeded(0), nil)])) == ["answer"])
        #expect(texts(round.committed(false, isCancelled: false)) == ["abandon notStored"])
        #expect(round.states == [.planned])
    }

    @Test func promise4CallsOfATransactionThatIsUndoneForGoodHaveFailedAndDoNotRunAgain() {
        var round = ToolRound(.sql)
        _ = round.beginAllowed()
        #expect(texts(round.undone(because: "it is stuck")) == ["answer", "report 1", "finish"])
        #expect(round.states == [.failed])
        #expect(round.calls[0].result == "Error: it is stuck")
    }

    @Test func promise4ACallWhoseIntentIsStoredWithoutAResultIsInDoubtAndAnOperatorIsAsked() {
        var round = resumed([.planned(1, .unsafe, .succeeded), .planned(2, .unsafe, .started), .planned(3, .pure)])
        #expect(texts(round.begin()) == ["doubt 2", "park resolve"])
        #expect(round.states == [.succeeded, .inDoubt, .planned])
        var again = resumed(round.calls)
        #expect(texts(again.begin()) == ["park resolve"])
    }

    @Test func promise4WhatAnOperatorSaysAboutACallInDoubtIsItsResultOrThatItRunsAgain() {
        var happened = ToolCallRecord.planned(1, .unsafe, .succeeded)
        happened.result = "It was done."
        var round = resumed([happened])
        #expect(round.beginAllowed() == ["decide", "answer", "save"])
        var again = resumed([.planned(1, .unsafe)])
        #expect(again.beginAllowed() == ["decide", "announce 1", "save"])
        #expect(texts(again.saved(true)) == ["run 1"])
    }

    @Test func promise4ATurnThatResumesRunsNothingAgainWhoseResultIsStored() {
        var round = resumed([.planned(1, .unsafe, .failed), .planned(2, .sql, .succeeded), .planned(3, .sql)])
        #expect(round.beginAllowed() == ["decide", "announce 3", "transaction 3"])
    }

    @Test func promise4AnUnsafeEffectThatTheWorkersClockRefusesIsLeftToTheNextAttempt() {
        var round = ToolRound(.unsafe, .unsafe, .pure)
        _ = round.beginAllowed()
        _ = round.saved(true)
        var (first, second) = (round.failed(0, .notBegun), round.failed(1, .notBegun))
        (first.isRefused, second.isRefused, second.hasPassed) = (true, true, true)
        let actions = round.ran([first, second, round.succeeded(2)], isCancelled: false)
        #expect(texts(actions) == ["report 3", "save"])
        // The second had an effect before its gate closed.
        #expect(round.states == [.planned, .inDoubt, .succeeded])
        #expect(texts(round.saved(true)) == ["abandon leaseOver"])
    }

    @Test func promise4AnUnsafeCallThatWasKilledIsInDoubtOneThatIsRepeatableHasFailed() {
        var round = ToolRound(.unsafe, .pure)
        _ = round.beginAllowed()
        _ = round.saved(true)
        let results = [round.failed(0, .cancelled), round.failed(1, .cancelled)]
        #expect(texts(round.ran(results, isCancelled: true)) == ["report 1,2", "save"])
        #expect(round.states == [.inDoubt, .failed])
        #expect(texts(round.saved(true)) == ["interrupt"])
    }

    // MARK: Promise 3: a worker that was fenced off can no longer write

    @Test(arguments: [true, false])
    func promise3ARoundWhoseResultIsNotStoredEndsWithTheAttempt(isRefused: Bool) {
        var round = ToolRound(.unsafe)
        _ = round.beginAllowed()
        _ = round.saved(true)
        var ran = isRefused ? round.failed(0, .notBegun) : round.succeeded(0)
        ran.isRefused = isRefused
        #expect(texts(round.ran([ran], isCancelled: false)).last == "save")
        #expect(texts(round.saved(false)) == ["abandon notStored"])
    }

    // MARK: Commits

    @Test func commitsARoundOfToolsThatOnlyReadAddsNone() {
        var round = ToolRound(.pure, .idempotent)
        #expect(round.beginAllowed() == ["decide", "announce 1,2", "run 1,2"])
        let results = [round.succeeded(0), round.failed(1)]
        #expect(texts(round.ran(results, isCancelled: false)) == ["report 1,2", "answer", "finish"])
    }

    @Test func commitsAnUnsafeRoundAddsTwoARoundOfSQLFunctionsOneAndAMixedOneThree() {
        var round = ToolRound(.sql, .unsafe)
        #expect(round.beginAllowed() == ["decide", "announce 1,2", "save"])
        #expect(texts(round.saved(true)) == ["run 2"])
        #expect(texts(round.ran([round.succeeded(1)], isCancelled: false)) == ["report 2", "transaction 1"])
        #expect(texts(round.ranInTransaction([(round.succeeded(0), nil)])) == ["answer"])
        #expect(texts(round.committed(true, isCancelled: false)) == ["report 1", "finish"])
    }

    @Test func commitsOnceAPartOfTheTurnIsStoredSoIsTheEndOfEachRound() {
        var round = ToolRound(.pure, isStored: true)
        _ = round.beginAllowed()
        #expect(texts(round.ran([round.succeeded(0)], isCancelled: false)) == ["report 1", "answer", "save"])
    }

    // MARK: Promise 5: everything that happened can be read

    @Test func promise5ACallThatIsDeniedHasAnAnswerAndIsNotRun() {
        var round = ToolRound(.unsafe, .pure)
        #expect(texts(round.begin()) == ["decide"])
        let actions = round.decide { call, _ in
            SafetyDecision(call.effect == .unsafe ? .deny : .allow, rule: "rule 1", reason: "Not this.")
        }
        #expect(texts(actions) == ["report 1", "announce 2", "run 2"])
        #expect(round.calls[0].answer == "Error: The call was denied. Not this.")
        #expect(round.calls.map(\.rule) == ["deny by rule 1", "allow by rule 1"])
    }

    @Test func promise5CallsOfAnAnswerAreCountedInTheirOrderWithoutThoseThatAreDenied() {
        var round = ToolRound(.pure, .idempotent, .unsafe)
        var seen: [[String]] = []
        _ = round.begin()
        _ = round.decide { call, besides in
            seen.append(besides)
            return SafetyDecision(call.effect == .idempotent ? .deny : .allow, rule: "test")
        }
        #expect(seen == [[], ["pure1"], ["pure1"]])
    }

    // MARK: Approvals

    @Test func aCallThatIsAskedAboutParksTheTurnBeforeAnyCallOfItsAnswerRuns() {
        var round = ToolRound(.pure, .unsafe)
        _ = round.begin()
        let actions = round.decide { call, _ in
            SafetyDecision(call.effect == .unsafe ? .ask : .allow, rule: "test", subject: "rm")
        }
        #expect(texts(actions) == ["look up 2"])
        #expect(texts(round.found([nil])) == ["ask 2", "park approval"])
        #expect(round.states == [.planned, .planned])
    }

    @Test func aDecisionThatWasMadeForLongerThanOnceIsNotAskedForAgain() {
        var round = ToolRound(.unsafe, .unsafe)
        _ = round.begin()
        _ = round.decide { _, _ in SafetyDecision(.ask, rule: "test") }
        #expect(texts(round.found([.approved, .denied])) == ["report 2", "announce 1", "save"])
        #expect(round.states == [.started, .denied])
    }

    @Test(arguments: ToolCallApproval.State.allCases)
    func whatAnOperatorHasDecidedHoldsWhateverThePolicySays(_ state: ToolCallApproval.State) {
        var call = ToolCallRecord.planned(1, .unsafe)
        call.approval = ToolCallApproval(state, reason: "so")
        var round = resumed([call])
        _ = round.begin()
        let actions = round.decide { _, _ in SafetyDecision(.ask, rule: "test") }
        switch state {
        case .pending: #expect(texts(actions) == ["look up 1"])
        case .approved: #expect(texts(actions) == ["announce 1", "save"])
        case .denied, .expired:
            #expect(texts(actions) == ["report 1", "answer", "save"])
            let reason = state == .denied ? "A person decided so: so" : "Nobody approved it in time."
            #expect(round.calls[0].answer == "Error: The call was denied. \(reason)")
        }
    }

    // MARK: Outputs

    @Test func anOutputIsInspectedBeforeAnybodySeesIt() {
        var round = ToolRound(.pure, .pure, inspection: Self.inspected)
        _ = round.beginAllowed()
        let results = [round.succeeded(0, "a secret"), round.succeeded(1, "an order")]
        #expect(texts(round.ran(results, isCancelled: false)) == ["inspect 1,2"])
        let verdicts = [(0, GuardrailVerdict.passed("a [secret]")), (1, .blocked(guardrail: "g", reply: "No."))]
        #expect(texts(round.inspected(verdicts, isCancelled: false)) == ["report 1,2", "answer", "finish"])
        #expect(round.calls.map(\.answer) == ["a [secret]", "No."])
        #expect(round.calls[1].errorCode == ToolCallRecord.withheldCode)
    }

    @Test func anOutputThatIsAskedAboutIsShownToNobodyAndItsCallIsNotMadeAgain() {
        var round = ToolRound(.unsafe, inspection: Self.judged)
        _ = round.beginAllowed()
        _ = round.saved(true)
        _ = round.ran([round.succeeded(0, "an order")], isCancelled: false)
        let question = GuardrailQuestion(guardrail: "g", detail: "d", timeout: .seconds(1), refusal: "No.")
        let actions = round.inspected([(0, .asks("an order", [question]))], isCancelled: false)
        #expect(texts(actions) == ["report 1", "ask 1", "park approval"])
        #expect(round.calls[0].answer == "The output was withheld: nobody has approved it.")
        var again = resumed(round.calls, inspection: Self.judged)
        #expect(texts(again.begin()) == ["inspect 1"])
        #expect(texts(again.inspected([(0, .passed("an order"))], isCancelled: false)) == ["decide"])
        #expect(texts(again.decide { _, _ in SafetyDecision(.allow, rule: "test") }) == ["answer", "save"])
    }

    @Test func whatAJudgeHasToInspectIsAnsweredAfterTheTransactionThatStoresIt() {
        var round = ToolRound(.sql, inspection: Self.judged)
        _ = round.beginAllowed()
        #expect(texts(round.ranInTransaction([(round.succeeded(0), .passed("done"))])) == [])
        #expect(texts(round.committed(true, isCancelled: false)) == ["inspect 1"])
        let actions = round.inspected([(0, .passed("done"))], isCancelled: false)
        #expect(texts(actions) == ["answer", "report 1", "save"])
        #expect(texts(round.saved(true)) == ["finish"])
    }

    // MARK: Interruption

    @Test func aTurnThatWasStoppedWhileNobodyHeldItRunsNothingMore() {
        var round = resumed([.planned(1, .unsafe, .started), .planned(2, .pure)], isInterrupted: true)
        #expect(texts(round.begin()) == ["doubt 1", "interrupt"])
    }

    @Test(arguments: [true, false])
    func aTurnThatIsStoppedWhileCallsRunMakesNoOthers(isInspected: Bool) {
        var round = ToolRound(.pure, .sql, inspection: isInspected ? Self.inspected : ToolRound.Inspection())
        _ = round.beginAllowed()
        let actions = round.ran([round.succeeded(0)], isCancelled: !isInspected)
        let last = isInspected ? round.inspected([(0, .passed("done"))], isCancelled: true) : actions
        #expect(texts(last) == ["report 1", "interrupt"])
    }

    @Test func whatHappensAfterTheEndOfARoundChangesNothing() {
        var round = ToolRound(.unsafe)
        _ = round.beginAllowed()
        _ = round.saved(false)
        #expect(round.ran([round.succeeded(0)], isCancelled: false) == [])
        #expect(round.committed(true, isCancelled: false) == [] && round.found([nil]) == [])
        #expect(round.decide { _, _ in SafetyDecision(.allow, rule: "test") } == [])
        #expect(round.states == [.started])
    }
}
