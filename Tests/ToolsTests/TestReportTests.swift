import Testing

@testable import Tools

/// Outputs as the frameworks write them.
@Suite struct TestReportTests {
    private func report(
        _ format: String,
        _ passed: Int,
        _ failed: Int,
        _ skipped: Int,
        _ failures: [(String, String)]
    ) -> TestReport {
        var report = TestReport(format: format)
        report.passed = passed
        report.failed = failed
        report.skipped = skipped
        report.failures = failures.map { TestReport.Failure(name: $0.0, message: $0.1) }
        return report
    }

    /// Each format reads all lines; of a flood of them only the last ones are read.
    @Test func aFloodOfLinesIsReadInTime() {
        let started = ContinuousClock.now
        #expect(TestReport(output: String(repeating: "\n", count: 1 << 20)) == nil)
        let flood = "=== 9 passed in 1s ===\n" + String(repeating: "\n", count: 1 << 20) + "=== 2 passed in 1s ===\n"
        #expect(TestReport(output: flood) == report("pytest", 2, 0, 0, []))
        #expect(ContinuousClock.now - started < .seconds(4))
    }

    @Test func pytest() {
        let output = """
            ============================= test session starts ==============================
            collected 5 items

            tests/test_math.py .Fs.E                                                 [100%]

            =================================== FAILURES ===================================
            ___________________________________ test_adds ___________________________________
            E       assert 3 == 4
            =========================== short test summary info ============================
            FAILED tests/test_math.py::test_adds - assert 3 == 4
            ERROR tests/test_math.py::test_setup - RuntimeError: no server
            =============== 1 failed, 2 passed, 1 skipped, 1 error in 0.12s ================
            """
        #expect(
            TestReport(output: output)
                == report(
                    "pytest",
                    2,
                    2,
                    1,
                    [
                        ("tests/test_math.py::test_adds", "assert 3 == 4"),
                        ("tests/test_math.py::test_setup", "RuntimeError: no server"),
                    ]
                )
        )
        #expect(TestReport(output: "....\n4 passed in 0.01s\n") == report("pytest", 4, 0, 0, []))
        #expect(TestReport(output: "=== no tests ran in 0.01s ===\n") == report("pytest", 0, 0, 0, []))
        let coloured =
            "\u{1B}[32m=== \u{1B}[32m\u{1B}[1m3 passed\u{1B}[0m, 1 xfailed in 61.20s (0:01:01) ===\u{1B}[0m\r\n"
        #expect(TestReport(output: coloured) == report("pytest", 3, 0, 1, []))
    }

    @Test func unittest() {
        let output = """
            .Fs
            ======================================================================
            FAIL: test_adds (test_math.MathTests.test_adds)
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "/workspace/test_math.py", line 7, in test_adds
                self.assertEqual(1 + 2, 4)
            AssertionError: 3 != 4

            ----------------------------------------------------------------------
            Ran 3 tests in 0.001s

            FAILED (failures=1, skipped=1)
            """
        let failure = ("test_adds (test_math.MathTests.test_adds)", "AssertionError: 3 != 4")
        #expect(TestReport(output: output) == report("unittest", 1, 1, 1, [failure]))
        let fine = "...\n------\nRan 3 tests in 0.001s\n\nOK (skipped=1, expected failures=1)\n"
        #expect(TestReport(output: fine) == report("unittest", 1, 0, 2, []))
    }

    @Test func swiftXCTest() {
        let output = """
            Test Suite 'MathTests' started at 2026-01-01 10:00:00.000
            Test Case 'MathTests.testAdds' started at 2026-01-01 10:00:00.001
            /project/Tests/MathTests.swift:9: error: MathTests.testAdds : XCTAssertEqual failed: ("3") is not equal to ("4") -
            Test Case 'MathTests.testAdds' failed (0.001 seconds)
            Test Case 'MathTests.testSkips' skipped (0.001 seconds)
            Test Case 'MathTests.testSubtracts' passed (0.0 seconds)
            Test Suite 'MathTests' failed at 2026-01-01 10:00:00.003
            \t Executed 3 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.002 (0.002) seconds
            Test Suite 'All tests' failed at 2026-01-01 10:00:00.004
            \t Executed 3 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.002 (0.002) seconds
            """
        let failure = ("MathTests.testAdds", "XCTAssertEqual failed: (\"3\") is not equal to (\"4\") -")
        #expect(TestReport(output: output) == report("swift test", 1, 1, 1, [failure]))
    }

    @Test func swiftTesting() {
        let output = """
            Test Suite 'All tests' passed at 2026-01-01 10:00:00.000
            \t Executed 0 tests, with 0 failures (0 unexpected) in 0.0 (0.0) seconds
            ◇ Test run started.
            ◇ Test adds() started.
            ✔ Test subtracts() passed after 0.001 seconds.
            ✘ Test adds() recorded an issue at MathTests.swift:7:5: Expectation failed: (sum → 3) == 4
            ✘ Test adds() failed after 0.002 seconds with 1 issue.
            ➜ Test "divides" skipped.
            ✘ Test run with 3 tests in 1 suite failed after 0.003 seconds with 1 issue.
            """
        let failure = ("adds()", "MathTests.swift:7:5: Expectation failed: (sum → 3) == 4")
        #expect(TestReport(output: output) == report("swift test", 1, 1, 1, [failure]))
        let fine = "✔ Test run with 42 tests in 7 suites passed after 1.5 seconds.\n"
        #expect(TestReport(output: fine) == report("swift test", 42, 0, 0, []))
    }

    @Test func goTest() {
        let verbose = """
            === RUN   TestAdds
                math_test.go:8: got 3, want 4
            --- FAIL: TestAdds (0.00s)
            === RUN   TestSkips
                math_test.go:12: not today
            --- SKIP: TestSkips (0.00s)
            === RUN   TestSubtracts
            --- PASS: TestSubtracts (0.00s)
            FAIL
            FAIL\texample.com/math\t0.002s
            """
        let failure = ("TestAdds", "math_test.go:8: got 3, want 4")
        #expect(TestReport(output: verbose) == report("go test", 1, 1, 1, [failure]))
        let short = """
            --- FAIL: TestAdds (0.00s)
                math_test.go:8: got 3, want 4
            FAIL
            FAIL\texample.com/math\t0.002s
            ok  \texample.com/text\t0.003s
            FAIL\texample.com/broken [build failed]
            """
        #expect(
            TestReport(output: short)
                == report("go test", 1, 2, 0, [failure, ("example.com/broken", "build failed")])
        )
    }

    @Test func cargoTest() {
        let output = """
            running 3 tests
            test tests::skips ... ignored
            test tests::subtracts ... ok
            test tests::adds ... FAILED

            failures:

            ---- tests::adds stdout ----
            thread 'tests::adds' panicked at src/lib.rs:10:9:
            assertion `left == right` failed
              left: 3
             right: 4

            failures:
                tests::adds

            test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

            running 2 tests
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
            """
        let failure = ("tests::adds", "assertion `left == right` failed")
        #expect(TestReport(output: output) == report("cargo test", 3, 1, 1, [failure]))
    }

    @Test func jest() {
        let output = """
            FAIL ./math.test.js
              math
                ✕ adds (2 ms)
                ✓ subtracts

              ● math › adds

                expect(received).toBe(expected) // Object.is equality

            Test Suites: 1 failed, 1 total
            Tests:       1 failed, 1 skipped, 2 passed, 4 total
            """
        let failure = ("math › adds", "expect(received).toBe(expected) // Object.is equality")
        #expect(TestReport(output: output) == report("jest", 2, 1, 1, [failure]))
    }

    @Test func vitest() {
        let output = """
             ❯ math.test.ts (3 tests | 1 failed) 5ms

             FAIL  math.test.ts > math > adds
            AssertionError: expected 3 to be 4 // Object.is equality

             Test Files  1 failed (1)
                  Tests  1 failed | 2 passed (3)
            """
        let failure = ("math.test.ts > math > adds", "AssertionError: expected 3 to be 4 // Object.is equality")
        #expect(TestReport(output: output) == report("vitest", 2, 1, 0, [failure]))
        #expect(TestReport(output: "      Tests  3 passed (3)\n") == report("vitest", 3, 0, 0, []))
    }

    @Test func testAnythingProtocol() {
        let output = """
            TAP version 13
            ok 1 - subtracts
            not ok 2 - adds
              ---
              message: 'got 3, want 4'
              ...
            ok 3 - divides # SKIP no numbers
            not ok 4 - multiplies # TODO later
            not ok 5
            1..5
            """
        #expect(
            TestReport(output: output) == report("TAP", 1, 2, 2, [("adds", "got 3, want 4"), ("5", "")])
        )
    }

    @Test(arguments: ["", "hello\n", "ok\n", "3 files changed in 2 commits\n", "Tests: none\n", "\u{1B}", "\u{1B}["])
    func otherOutputIsNoReport(output: String) {
        #expect(TestReport(output: output) == nil)
    }

    @Test func longOutputIsRead() {
        let output = String(repeating: "FAILED a::b - " + String(repeating: "x", count: 900) + "\n", count: 1_000)
        let report = TestReport(output: output + "== 1 failed, 1 passed in 1.00s ==\n")
        #expect(report?.failures.count == 1 && report?.failures.first?.message.count == 500)
    }
}
