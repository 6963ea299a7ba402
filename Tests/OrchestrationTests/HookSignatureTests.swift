import Testing

@testable import Orchestration

/// Signatures of hooks, against those of other implementations.
@Suite struct HookSignatureTests {
    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// RFC 4231, test cases 1, 2, 6 and 7.
    @Test func theCodeIsThatOfTheStandard() {
        let long = [UInt8](repeating: 0xAA, count: 131)
        let cases: [(key: [UInt8], message: String, code: String)] = [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                long, "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                long,
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
                    + "hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
            ),
        ]
        for (key, message, code) in cases {
            #expect(Self.hexadecimal(HookSignature.code(of: Array(message.utf8), key: key)) == code)
        }
    }

    @Test func theHeaderHasASignatureASecret() {
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "plain secret"]
        let header = HookSignature(secrets: secrets).header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8)
        )
        let signatures = header.split(separator: " ")
        #expect(signatures.first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(signatures.count == 2)
    }

    @Test func nothingOfAKeyIsShown() {
        let signature = HookSignature(secrets: ["top secret"])
        #expect("\(signature) \(String(reflecting: signature))".contains("secret") == false)
        var dumped = ""
        dump(signature, to: &dumped)
        #expect(!dumped.contains("116"))
    }

    @Test(arguments: [
        ("whsec_", false), ("whsec_!!!notbase64", false), ("", false), ("whsec_c2VjcmV0", true), ("any text", true),
    ])
    func whatNobodyCouldHaveMeantIsNoSecret(text: String, isSecret: Bool) {
        #expect(HookSignature.isSecret(text) == isSecret)
    }
}
