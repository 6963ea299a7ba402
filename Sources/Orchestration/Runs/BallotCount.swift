package import JSON

/// Ballots, and the rules by which `agentctl.count_ballots` counts them.
package struct BallotCount: Sendable, Hashable {
    /// `[{voter, weight, answer}]`; `answer` is missing where there is none.
    package let ballots: JSONValue
    /// How an answer is read.
    package let answer: JSONValue
    /// What decides.
    package let decide: JSONValue

    package init(ballots: JSONValue, answer: JSONValue, decide: JSONValue) {
        (self.ballots, self.answer, self.decide) = (ballots, answer, decide)
    }
}
