import Testing

@testable import Postgres

struct StatementCacheTests {
    @Test func aStatementIsPreparedOnceAndUsedByNameWhenTheServerHasConfirmedIt() {
        var cache = StatementCache(capacity: 2, tag: "s")
        #expect(cache.use("a") == .prepare(name: "s_1", evicted: nil))
        #expect(cache.use("a") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("a") == .prepared(name: "s_1"))
    }

    @Test func theLeastRecentlyUsedOneMakesRoom() {
        var cache = StatementCache(capacity: 2, tag: "s")
        for statement: PostgresStatement in ["a", "b"] {
            _ = cache.use(statement)
            cache.confirm(statement)
        }
        #expect(cache.use("a") == .prepared(name: "s_1"))
        #expect(cache.use("c") == .prepare(name: "s_3", evicted: "s_2"))
        #expect(cache.use("a") == .prepared(name: "s_1"))
        #expect(cache.count == 2)
    }

    @Test func oneThatIsBeingPreparedIsNotEvicted() {
        var cache = StatementCache(capacity: 1, tag: "s")
        #expect(cache.use("a") == .prepare(name: "s_1", evicted: nil))
        #expect(cache.use("b") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("b") == .prepare(name: "s_2", evicted: "s_1"))
    }

    @Test func oneThatWasRefusedIsPreparedAnewUnderAnotherName() {
        var cache = StatementCache(capacity: 1, tag: "s")
        _ = cache.use("a")
        cache.forget("a")
        #expect(cache.use("a") == .prepare(name: "s_2", evicted: nil))
    }

    @Test func nothingIsPreparedWithoutCapacity() {
        var cache = StatementCache(capacity: 0, tag: "s")
        #expect(cache.use("a") == .unprepared)
    }
}
