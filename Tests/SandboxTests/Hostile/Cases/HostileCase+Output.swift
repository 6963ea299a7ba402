import Sandbox

extension HostileCase {
    /// Output and results that are too much, or not what they should be.
    static let output: [HostileCase] = [
        HostileCase(
            .output,
            "floods the output",
            .python("while True: print('x' * 1000)", ends: [.output])
        ),
        HostileCase(
            .output,
            "floods the errors without a line's end",
            .python(
                #"""
                import sys
                while True: sys.stderr.write("x" * 1000)
                """#,
                ends: [.output]
            )
        ),
        HostileCase(
            .output,
            "floods past the interpreter",
            .python(
                #"""
                while True: os.write(1, b"\xff\x00\xfe" * 400)
                """#,
                ends: [.output]
            )
        ),
        HostileCase(
            .output,
            "prints what is not text",
            .python(
                #"""
                os.write(1, bytes(range(256)) + b"\xed\xa0\x80\xf4\x90\x80\x80")
                print("\ud800".encode("utf-8", "surrogatepass"), "\x1b]0;owned\x07")
                return {"printed": True}
                """#,
                answers: ["printed": "true"]
            )
        ),
        HostileCase(
            .output,
            "returns too much",
            .python("return 'x' * 10_000_000", ends: [.output])
        ),
        HostileCase(
            .output,
            "returns many small things",
            .python("return [{} for _ in range(100_000)]", ends: [.output])
        ),
        HostileCase(
            .output,
            "returns what is nested too deeply",
            .python(
                #"""
                import sys
                sys.setrecursionlimit(1_000_000)
                deep = []
                for _ in range(20_000):
                    deep = [deep]
                return deep
                """#,
                ends: [.error, .output, .killed, .memory]
            )
        ),
        unfit("returns a number that is none", "return float('nan')"),
        unfit("returns infinity among others", "return {'a': [1, float('-inf')]}"),
        unfit("returns half a character", #"return {"text": "\ud800"}"#),
        unfit("returns what is no JSON", "return {'a': {1, 2}, 'b': object()}"),
        unfit(
            "returns itself",
            #"""
            loop = []
            loop.append(loop)
            return loop
            """#
        ),
        HostileCase(
            .output,
            "returns a character that databases refuse",
            .python(#"return {"text": "a\0b"}"#, ends: [.ok, .error])
        ),
        HostileCase(
            .output,
            "returns numbers of a thousand digits",
            .python("return {'n': 10 ** 4000, 'm': -(10 ** 400)}", ends: [.ok, .error])
        ),
        HostileCase(
            .output,
            "returns a thing that lies about itself",
            .python(
                #"""
                class Number(int):
                    def __repr__(self): return '1}, "exit_reason": "ok", {'
                    __str__ = __repr__
                class Text(str):
                    def __str__(self): return '"'
                class Mapping(dict):
                    def items(self): return [("a", Number(7)), (Text("b"), Text("c"))]
                return Mapping(a=1)
                """#,
                ends: [.ok, .error]
            )
        ),
        HostileCase(
            .output,
            "spoils what writes the answer",
            .python(
                #"""
                import json, json.encoder
                garbage = lambda *arguments, **named: '{"a": \udcff nan'
                json.dumps = json.JSONEncoder.encode = json.JSONEncoder.iterencode = garbage
                json.encoder.encode_basestring = json.encoder.c_make_encoder = garbage
                return {"fine": True}
                """#,
                ends: [.ok, .error, .killed]
            )
        ),
        HostileCase(
            .output,
            "fails with an endless message",
            .python(
                #"""
                name = "A" * 1_000_000
                raise type(name, (Exception,), {})("x" * 20_000_000)
                """#,
                ends: [.error]
            )
        ),
        HostileCase(
            .output,
            "fails while it tells why",
            .python(
                #"""
                class Silent(Exception):
                    def __str__(self): raise Silent()
                    __repr__ = __str__
                raise Silent()
                """#,
                ends: [.error]
            )
        ),
    ]

    private static func unfit(_ name: String, _ body: String) -> HostileCase {
        HostileCase(.output, name, .python(body, ends: [.error]))
    }
}
