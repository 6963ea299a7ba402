#ifndef CSHIMS_CONFINED_OPEN_H
#define CSHIMS_CONFINED_OPEN_H

#include <stdbool.h>

/// Opens a path for reading without ever leaving a directory.
///
/// The kernel resolves the path beneath `directory`: symbolic links (also the magic ones of /proc), mount points and
/// `..` beyond the directory are refused, whatever is renamed in the meantime. Opening never waits (a FIFO without a
/// writer) and the descriptor is closed on exec.
///
/// @param directory  A descriptor of the directory.
/// @param path       A relative path.
/// @param only_directory  Whether anything but a directory is refused (ENOTDIR).
/// @return A descriptor, or the negative of an errno: ENOSYS if the kernel (before 5.6) or a filter knows no openat2.
int cshims_confined_open(int directory, const char *path, bool only_directory);

#endif
