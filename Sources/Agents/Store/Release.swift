/// Which release of agentctl this is.
public enum Release {
    /// The version, as in the changelog.
    public static let current = "0.1.0"
}
