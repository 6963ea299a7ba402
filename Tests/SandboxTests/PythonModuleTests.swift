import JSON
import Sandbox
import SandboxProbe
import Testing

@Suite struct PythonModuleTests {
    @Test func theEntryPointIsDescribed() async throws {
        try await withSandbox { sandbox in
            let source = "import json\nasync def f(a, b=1, *, c, d=None, **rest):\n    return a\n"
            let module = try await sandbox.check(source, entryPoint: "f", allowedImports: ["json"], isSafeMode: true)
            #expect(module.problems == [])
            #expect(
                module.parameters == [
                    .init(name: "a", isRequired: true), .init(name: "b", isRequired: false),
                    .init(name: "c", isRequired: true), .init(name: "d", isRequired: false),
                ]
            )
            #expect(module.isAsync)
            #expect(module.takesAnyKeyword)
            #expect(module.bytecode != nil)
        }
    }

    @Test(arguments: [
        ("def f(:\n    pass", PythonModule.Problem(line: 1, column: 7, message: "SyntaxError: invalid syntax")),
        (
            "def g(): pass",
            .init(
                line: 1,
                column: 1,
                message: "there is no function f at the top level: def f(…) or async def f(…)"
            )
        ),
        (
            "def f():\n    'ü'; import os.path\n",
            .init(line: 2, column: 10, message: "import of os.path is not allowed; allowed are json, math")
        ),
        (
            "from subprocess import run\ndef f(): pass",
            .init(line: 1, column: 1, message: "import of subprocess is not allowed; allowed are json, math")
        ),
        (
            "def f():\n    return eval('1')",
            .init(line: 2, column: 12, message: "eval is not allowed in safe mode")
        ),
        (
            "def f():\n    return ().__class__",
            .init(line: 2, column: 12, message: "the attribute __class__ is not allowed in safe mode")
        ),
        (
            "def f(a, /): pass",
            .init(line: 1, column: 1, message: "f has parameters that cannot be given by keyword")
        ),
        (
            "def f(): return '\0'",
            .init(line: 1, column: 1, message: "SyntaxError: source code string cannot contain null bytes")
        ),
    ]
    )
    func problemsHaveTheirLineAndColumn(source: String, problem: PythonModule.Problem) async throws {
        try await withSandbox { sandbox in
            let module = try await sandbox.check(
                source,
                entryPoint: "f",
                allowedImports: ["json", "math"],
                isSafeMode: true
            )
            #expect(module.problems == [problem])
        }
    }

    @Test func textThatExhaustsTheParserIsAProblem() async throws {
        try await withSandbox { sandbox in
            let deep = String(repeating: "(", count: 50_000)
            let module = try await sandbox.check(deep, entryPoint: nil, allowedImports: [], isSafeMode: true)
            #expect(module.problems.count == 1)
            let chain = "x = " + String(repeating: "-", count: 100_000) + "1"
            let other = try await sandbox.check(chain, entryPoint: nil, allowedImports: [], isSafeMode: true)
            #expect(other.problems.count == 1)
            // And the next one is looked at as ever.
            let fine = try await sandbox.check("x = 1", entryPoint: nil, allowedImports: [], isSafeMode: true)
            #expect(fine.problems == [])
        }
    }

    @Test func checkingDoesNotExecute() async throws {
        try await withSandbox { sandbox in
            let module = try await sandbox.check(
                "while True: pass\ndef f(): pass",
                entryPoint: "f",
                allowedImports: [],
                isSafeMode: false
            )
            #expect(module.problems == [])
        }
    }

    @Test func bytecodeRunsLikeItsText() async throws {
        try await withSandbox { sandbox in
            let source = "def f(x):\n    if x: raise KeyError('gone')\n    return {'x': x}\n"
            let module = try await sandbox.check(source, entryPoint: "f", allowedImports: [], isSafeMode: true)
            let bytecode = try #require(module.bytecode)
            for code in [nil, bytecode, Array(bytecode.dropFirst(4)), [1, 2, 3]] {
                var call = PythonCall(.function(name: "f"), source: source, bytecode: code, arguments: ["x": 0])
                let outcome = try await sandbox.run(call)
                #expect(outcome.value == ["x": 0])
                call.arguments = ["x": 1]
                let failing = try await sandbox.run(call)
                #expect(failing.failure?.line == 2)
                #expect(failing.failure?.type == "KeyError")
                #expect(failing.failure?.traceback.contains("raise KeyError('gone')") == true)
            }
        }
    }

    @Test func aScriptsBytecodeKeepsItsLastValue() async throws {
        try await withSandbox { sandbox in
            let module = try await sandbox.check("1\n2 + 3", entryPoint: nil, allowedImports: [], isSafeMode: true)
            let outcome = try await sandbox.run(PythonCall(.script, source: "1\n2 + 3", bytecode: module.bytecode))
            #expect(outcome.value == 5)
        }
    }
}
