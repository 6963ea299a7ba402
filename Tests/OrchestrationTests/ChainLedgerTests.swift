import Conversation
import Orchestration
import Testing

/// What a run of a chain allots to its tasks.
@Suite struct ChainLedgerTests {
    private func tasks(_ numbers: ClosedRange<Int>) -> [TaskRequest] {
        numbers.map { TaskRequest(number: $0, group: "n#\($0)", description: "x", limit: 1) }
    }

    @Test func tasksOfSeveralNodesGetEqualPartsOfWhatIsLeft() {
        var ledger = ChainLedger(chain: "c", progress: nil, allowance: TaskAllowance(tokens: 100, cost: 4))
        let given = ledger.allot(tasks(1...2))
        #expect(given?.map(\.maximumTokens) == [50, 50] && given?.map(\.maximumCost) == [2, 2])
        // What they hold is not given out again, and comes back when they are not begun after all.
        #expect(ledger.isSpent && ledger.allot(tasks(3...3)) == nil)
        ledger.takeBack([1])
        #expect(ledger.allot(tasks(3...3))?.map(\.maximumTokens) == [50])
    }

    @Test func theSmallerOfTwoLimitsHolds() {
        var ledger = ChainLedger(
            chain: "c",
            progress: nil,
            allowance: TaskAllowance(tokens: 100),
            taskLeft: TaskAllowance(tokens: 3, cost: 1)
        )
        #expect(ledger.allot(tasks(1...4)) == nil)
        let given = ledger.allot(tasks(1...3))
        #expect(given?.map(\.maximumTokens) == [1, 1, 1] && given?.first?.maximumCost == 1.0 / 3)
        var free = ChainLedger(chain: "c", progress: nil, allowance: TaskAllowance())
        #expect(free.allot(tasks(1...2))?.map(\.maximumTokens) == [nil, nil] && !free.isSpent)
    }
}
