/// Kinds of personal data that can be found by their form.
package enum PersonalDataKind: String, Sendable, Hashable, CaseIterable {
    /// An address of electronic mail.
    case email
    /// A telephone number: with `+`, in the form of North America, or with a leading 0 and spaces.
    case phone
    /// The number of a payment card: its length, its issuer and its check digit fit.
    case creditCard = "credit_card"
    /// The number of a bank account: the length of its country and its check digits fit.
    case iban
    /// An address of the Internet Protocol, version 4 or 6.
    case ipAddress = "ip_address"
    /// A social security number of the United States, with its hyphens or spaces.
    case usSocialSecurity = "us_ssn"
}
