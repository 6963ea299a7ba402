import Testing

@testable import Conversation

/// Amounts of money.
struct AmountTests {
    @Test func amountsHaveNoMoreDigitsThanTheDatabase() {
        var record = TurnRecord(agent: "a")
        for cost in [0.1, 0.2] {
            var step = StepRecord(.modelCall, offset: .zero)
            step.cost = cost
            record.steps.append(step)
        }
        #expect(record.cost == 0.3 && USD.rounded(0.1 + 0.2) == 0.3)
    }
}
