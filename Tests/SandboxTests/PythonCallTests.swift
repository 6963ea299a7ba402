import JSON
import Sandbox
import SandboxProbe
import Testing

@Suite struct PythonCallTests {
    @Test func aFunctionIsCalledWithItsArgumentsByKeyword() async throws {
        try await withSandbox { sandbox in
            let source = """
                def add(left, right=2):
                    print("adding")
                    return {"sum": left + right, "text": "ü €"}
                """
            let outcome = try await sandbox.run(
                PythonCall(.function(name: "add"), source: source, arguments: ["left": 3])
            )
            #expect(outcome.exitReason == .ok)
            #expect(outcome.value == ["sum": 5, "text": "ü €"])
            #expect(outcome.output == "adding\n")
            #expect(outcome.failure == nil)
            #expect(outcome.violations == [])
            #expect(outcome.processorTime > .zero && outcome.processorTime < .seconds(5))
            #expect(outcome.peakMemoryBytes > 1 << 20)
        }
    }

    @Test func aCoroutineIsAwaited() async throws {
        try await withSandbox { sandbox in
            let source = """
                import asyncio
                async def wait(context):
                    await asyncio.sleep(0.001)
                    return context["turn"]
                """
            let outcome = try await sandbox.run(
                PythonCall(.function(name: "wait"), source: source, context: ["turn": 7], allowedImports: ["asyncio"])
            )
            #expect(outcome.value == 7)
        }
    }

    @Test func aScriptReturnsTheValueOfItsLastLine() async throws {
        try await withSandbox { sandbox in
            let expression = try await sandbox.script("x = 20\nx * 2 + 2")
            #expect(expression.value == 42)
            let statement = try await sandbox.script("x = 20")
            #expect(statement.value == .null)
            let set = try await sandbox.script("{1, 2}")
            #expect(set.value == "{1, 2}")
        }
    }

    @Test func anExceptionIsToldWithItsLine() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.script("def f():\n    return 1 / 0\n\nf()")
            #expect(outcome.exitReason == .error)
            #expect(outcome.failure?.type == "ZeroDivisionError")
            #expect(outcome.failure?.message == "division by zero")
            #expect(outcome.failure?.line == 2)
            let traceback = try #require(outcome.failure?.traceback)
            #expect(traceback.contains("return 1 / 0"))
            #expect(!traceback.contains("code_runner"))
        }
    }

    @Test func aCallThatTakesTooLongIsKilled() async throws {
        try await withSandbox { sandbox in
            let limits = SandboxLimits(timeout: .milliseconds(200))
            let outcome = try await sandbox.script("print('begin')\nwhile True: pass", limits: limits)
            #expect(outcome.exitReason == .timeout)
            #expect(outcome.output == "begin\n")
            #expect(outcome.duration >= .milliseconds(200))
        }
    }

    @Test func threadsShareOneHeap() async throws {
        try await withSandbox { sandbox in
            // A heap of its own for each thread would take more addresses than the call has.
            let source = """
                import threading
                holding = threading.Barrier(9)
                def hold():
                    numbers = [str(number) for number in range(1000)]
                    holding.wait()
                threads = [threading.Thread(target=hold) for _ in range(8)]
                for thread in threads: thread.start()
                room = bytearray(100 << 20)
                holding.wait()
                for thread in threads: thread.join()
                len(room)
                """
            let limits = SandboxLimits(timeout: .seconds(20), memoryBytes: 256 << 20)
            let outcome = try await sandbox.script(source, limits: limits)
            #expect(outcome.value == 104_857_600)
        }
    }

    @Test func theKernelTellsOfSystemCallsThatItRefused() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.script("import socket\nsocket.socket()")
            #expect(outcome.exitReason == .denied)
            #expect(outcome.violations == [SandboxViolation(.systemCall, detail: "socket", source: .kernel)])
        }
    }

    @Test func anImportThatIsNotOnTheListIsDenied() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.run(
                PythonCall(.script, source: "import json\nimport os", allowedImports: ["json"])
            )
            #expect(outcome.exitReason == .denied)
            #expect(outcome.failure?.message.contains("import of os is not allowed") == true)
            #expect(outcome.violations == [SandboxViolation(.deniedImport, detail: "os", source: .interpreter)])
        }
    }
}
