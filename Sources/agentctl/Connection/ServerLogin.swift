/// Who a command is on the private server; a database that is named has its user in its address.
enum ServerLogin {
    /// The user of daily work, who is no superuser.
    case regular
    /// The superuser, for what nobody else may do: installing, upgrading, repairing.
    case superuser
}
