#ifndef CSANDBOX_FILTER_H
#define CSANDBOX_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/// Stands in the filters where the process's own number belongs, which whoever installs them puts in its place.
enum { CSANDBOX_OWN_PROCESS = 0x5A5A5A5A };

/// What a filter is for.
typedef enum {
    /// A function in namespaces of its own: a list of what is allowed.
    CSANDBOX_FILTER_FUNCTION,
    /// A function without namespaces: it may also not change the attributes of files, which Landlock leaves alone.
    CSANDBOX_FILTER_FUNCTION_BARE,
    /// A shell and whatever it starts: a list of what is refused.
    CSANDBOX_FILTER_SHELL,
} csandbox_filter_kind;

/// Makes a filter of system calls.
///
/// @param notifies  Whether the calls of an attacker (socket, execve, ptrace, mount, …) wait for a listener's answer,
///                  who learns of them; otherwise they fail with EPERM. Only for functions.
/// @return A descriptor of the program in the kernel's form, to be read from its start; or the negative of an errno.
int csandbox_filter(csandbox_filter_kind kind, bool notifies);

/// The name of a system call of this machine, NULL if it has none; to be freed.
char *_Nullable csandbox_system_call_name(int number);

#endif
