import Testing

@testable import Postgres

struct StatementCacheTests {
    @Test func aStatementIsPreparedOnceAndUsedByNameWhenTheServerHasConfirmedIt() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.use("a") == .prepare(name: "s1", evicted: nil))
        #expect(cache.use("a") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("a") == .prepared(name: "s1"))
    }

    @Test func theLeastRecentlyUsedOneMakesRoom() {
        var cache = StatementCache(capacity: 2)
        for statement: PostgresStatement in ["a", "b"] {
            _ = cache.use(statement)
            cache.confirm(statement)
        }
        #expect(cache.use("a") == .prepared(name: "s1"))
        #expect(cache.use("c") == .prepare(name: "s3", evicted: "s2"))
        #expect(cache.use("a") == .prepared(name: "s1"))
        #expect(cache.count == 2)
    }

    @Test func oneThatIsBeingPreparedIsNotEvicted() {
        var cache = StatementCache(capacity: 1)
        #expect(cache.use("a") == .prepare(name: "s1", evicted: nil))
        #expect(cache.use("b") == .unprepared)
        cache.confirm("a")
        #expect(cache.use("b") == .prepare(name: "s2", evicted: "s1"))
    }

    @Test func oneThatWasRefusedIsPreparedAnewUnderAnotherName() {
        var cache = StatementCache(capacity: 1)
        _ = cache.use("a")
        cache.forget("a")
        #expect(cache.use("a") == .prepare(name: "s2", evicted: nil))
    }

    @Test func nothingIsPreparedWithoutCapacity() {
        var cache = StatementCache(capacity: 0)
        #expect(cache.use("a") == .unprepared)
    }
}
