import JSON
import Testing

@testable import agentctl

struct TreeTraceTests {
    private static func row(_ depth: Int64, _ number: Int64, _ more: JSONObject = [:]) -> JSONObject {
        var row: JSONObject = [
            "depth": .integer(depth), "number": .integer(number), "attempt": 1, "responder": "A", "version": 2,
            "status": "succeeded", "turn": "t/1", "duration_ms": 1_250, "elapsed_ms": 1_500,
        ]
        for member in more { row[member.key] = member.value }
        return row
    }

    private func lines(_ rows: [JSONObject]) -> [String] {
        TreeTrace(stream: TextStream(-1)).text(of: rows).split(separator: "\n").map(String.init)
    }

    @Test func tasksOfOneNodeOfAChainStandTogether() {
        let shown = lines([
            Self.row(0, 0), Self.row(1, 1, ["group_key": "plan#1"]), Self.row(1, 2, ["group_key": "work#1/find"]),
            Self.row(1, 3, ["group_key": "work#1/read", "status": "failed", "error_code": "broken"]),
            Self.row(1, 4, ["group_key": "plan#2", "attempt": 2]),
        ])
        #expect(
            shown == [
                "turn t/1  succeeded  A v2  1.25 s  $0.00  5 turns", "├─ plan A v2     1.25 s",
                "├─ work          1 of 2",
                "│  ├─ find A v2  1.25 s", "│  └─ read A v2  failed  1.25 s  broken", "└─ plan#2 A v2   1.25 s",
            ]
        )
    }

    @Test func theCriticalPathIsMarkedAndSummedUp() {
        let shown = lines([
            Self.row(0, 0, ["is_critical": true, "model_ms": 200, "queue_ms": 10]),
            Self.row(1, 1, ["is_critical": false]),
            Self.row(1, 2, ["is_critical": true, "model_ms": 1_000, "approval_ms": 100, "task": 7]),
        ])
        #expect(
            shown == [
                "turn t/1  succeeded  A v2  1.25 s  $0.00  3 turns",
                "critical path: model 1.20 s · tools 0.00 ms · queue 10.0 ms · approvals 100 ms · engine 190 ms",
                "├─   1 A v2  1.25 s", "└─ ● 2 A v2  task 7  1.25 s  model 1.00 s  approvals 100 ms",
                "● on the critical path",
            ]
        )
    }

    @Test func whatStrangersWroteIsShownOnOneLine() {
        let shown = lines([
            Self.row(0, 0, ["turn": "a\u{1B}[2J/1"]),
            Self.row(
                1,
                1,
                ["responder": "\u{1B}]0;x\n", "error_code": "x", "error_message": "a\nb", "group_key": "\n#1"]
            ),
        ])
        #expect(shown.count == 2 && !shown.joined().contains("\u{1B}") && shown[1].hasSuffix("x: a b"), "\(shown)")
    }
}
