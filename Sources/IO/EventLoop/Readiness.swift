import CShims

/// What a descriptor is ready for, or is watched for.
struct Readiness: OptionSet, Sendable {
    let rawValue: UInt32

    static let readable = Readiness(rawValue: UInt32(CSHIMS_READABLE))
    static let writable = Readiness(rawValue: UInt32(CSHIMS_WRITABLE))
}
