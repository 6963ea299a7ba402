/// The names of Unicode properties in ECMA-262 that PCRE2 has under another name.
enum UnicodePropertyNames {
    /// PCRE2's name for a property, or the name as it is: PCRE2 reports unknown ones.
    static func name(for name: String) -> String {
        switch name {
        case "Assigned": return "Cn"
        case _ where name.hasPrefix("General_Category="): return category(name.dropFirst("General_Category=".count))
        case _ where name.hasPrefix("gc="): return category(name.dropFirst("gc=".count))
        default: return category(name[...])
        }
    }

    private static func category(_ name: Substring) -> String {
        shortNames[String(name)] ?? String(name)
    }

    /// General categories by their long names.
    private static let shortNames = [
        "Cased_Letter": "L&", "LC": "L&",
        "Close_Punctuation": "Pe", "Combining_Mark": "M", "Connector_Punctuation": "Pc", "Control": "Cc",
        "Currency_Symbol": "Sc", "Dash_Punctuation": "Pd", "Decimal_Number": "Nd", "Enclosing_Mark": "Me",
        "Final_Punctuation": "Pf", "Format": "Cf", "Initial_Punctuation": "Pi", "Letter": "L",
        "Letter_Number": "Nl", "Line_Separator": "Zl", "Lowercase_Letter": "Ll", "Mark": "M", "Math_Symbol": "Sm",
        "Modifier_Letter": "Lm", "Modifier_Symbol": "Sk", "Nonspacing_Mark": "Mn", "Number": "N",
        "Open_Punctuation": "Ps", "Other": "C", "Other_Letter": "Lo", "Other_Number": "No",
        "Other_Punctuation": "Po", "Other_Symbol": "So", "Paragraph_Separator": "Zp", "Private_Use": "Co",
        "Punctuation": "P", "Separator": "Z", "Space_Separator": "Zs", "Spacing_Mark": "Mc", "Surrogate": "Cs",
        "Symbol": "S", "Titlecase_Letter": "Lt", "Unassigned": "Cn", "Uppercase_Letter": "Lu",
        "cntrl": "Cc", "digit": "Nd", "punct": "P",
    ]
}
