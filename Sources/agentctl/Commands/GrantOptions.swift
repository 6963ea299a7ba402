import ArgumentParser

/// What is granted to whom.
struct GrantOptions: ParsableArguments {
    /// What can be granted.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case agent
        case chain
        case function
    }

    @Argument(help: "agent, chain or function.")
    var kind: Kind

    @Argument(help: "Its name.")
    var name: String

    @Argument(help: "The database role whose members may use it.")
    var role: String
}
