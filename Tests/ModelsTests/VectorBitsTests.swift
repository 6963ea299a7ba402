import Testing

@testable import Models

/// Vectors as bits, and how texts are sent for them.
@Suite struct VectorBitsTests {
    @Test func aVectorIsCenteredAndOfLengthOne() {
        let bits = VectorBits([3, 4], around: [0.6, 0])
        #expect(abs(bits.embedding[0]) < 1e-6 && abs(bits.embedding[1] - 1) < 1e-6)
        #expect(VectorBits([-3, 4], around: [0, 0]).signs == "01")
    }

    @Test func levelsAreThresholdsFromTheLowestOn() {
        // Two dimensions of length 1: a coordinate of 0.7071 passes the thresholds below it.
        let bits = VectorBits([1, -1], around: [0, 0])
        let unit = 3.8 / 14 / 2.0.squareRoot()
        let expected = (-7...7).map { step in
            let threshold = Double(step) * unit
            return (0.5.squareRoot() > threshold ? "1" : "0") + (-0.5.squareRoot() > threshold ? "1" : "0")
        }
        #expect(bits.levels == expected.joined())
        #expect(bits.levels.count == 30)
    }

    @Test func theCenterIsTheMeanOfWhatPointsTheSameWayWhateverItsLength() {
        #expect(VectorBits.center(of: [[2, 0], [0, 5]]) == [0.5, 0.5])
        #expect(CenterSentences.all.count == 64 && Set(CenterSentences.all).count == 64)
    }

    @Test func similarVectorsDifferInFewLevels() {
        func distance(_ one: [Float], _ other: [Float]) -> Int {
            let center = [Float](repeating: 0, count: one.count)
            let levels = (VectorBits(one, around: center).levels, VectorBits(other, around: center).levels)
            return zip(levels.0, levels.1).count { $0 != $1 }
        }
        let vector: [Float] = [0.5, -0.2, 0.7, 0.1, -0.9, 0.3, 0.2, -0.4]
        let near = vector.map { $0 + 0.05 }
        #expect(distance(vector, vector) == 0)
        #expect(distance(vector, near) < distance(vector, vector.map { -$0 }))
    }

    @Test func aBatchThatIsRefusedIsHalvedUntilTheBadTextIsAlone() {
        var batches = EmbeddingBatches(count: 8, size: 4)
        var sent: [Range<Int>] = []
        var given: [Int] = []
        while let step = batches.next() {
            switch step {
            case .send(let range):
                sent.append(range)
                batches.note(range.contains(2) ? .refused : .embedded, of: range)
            case .giveUp(let place): given.append(place)
            case .postpone: Issue.record("nothing is tried later")
            }
        }
        #expect(given == [2])
        #expect(sent == [0..<4, 0..<2, 2..<4, 2..<3, 3..<4, 4..<8])
    }

    @Test func whatIsBehindAFailureIsTriedLater() {
        var batches = EmbeddingBatches(count: 5, size: 2)
        #expect(batches.next() == .send(0..<2))
        batches.note(.embedded, of: 0..<2)
        #expect(batches.next() == .send(2..<4))
        batches.note(.failed, of: 2..<4)
        #expect(batches.next() == .postpone(2..<4))
        #expect(batches.next() == .postpone(4..<5))
        #expect(batches.next() == nil)
    }
}
