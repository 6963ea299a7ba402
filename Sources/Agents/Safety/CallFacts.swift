internal import JSON

/// What rules ask about a call; each is found out when the first rule asks.
struct CallFacts {
    let call: ProposedCall

    /// The command line that the call would run; nil if it has none.
    private(set) lazy var commandLine: CommandLine? = call.arguments["command"]?.stringValue.map(CommandLine.init)

    /// The path that the call is about, without what changes nothing; nil if it has none.
    private(set) lazy var path: String? = call.arguments["path"]?.stringValue.map(CallPath.normalized)

    /// The host that the call would speak to; nil if it has no URL.
    private(set) lazy var host: CallHost? = call.arguments["url"]?.stringValue.map(CallHost.init(url:))

    /// Facts about a call.
    init(_ call: ProposedCall) {
        self.call = call
    }

    /// An argument as rules see it: a string's text, nothing for one that is missing, else JSON.
    func argument(_ name: String) -> String {
        guard let value = call.arguments[name], !value.isNull else { return "" }
        return value.stringValue ?? value.canonicalText
    }
}
