#ifndef CLINUX_CONFINED_OPEN_H
#define CLINUX_CONFINED_OPEN_H

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
int clinux_confined_open(int directory, const char *path, bool only_directory);

/// Opens an existing file for writing at its end, confined in the same way.
///
/// What the descriptor is (a device, a FIFO) has to be asked before anything is written.
///
/// @param directory  A descriptor of the directory.
/// @param path       A relative path.
/// @return A descriptor, or the negative of an errno.
int clinux_confined_append(int directory, const char *path);

/// Makes a file that was not there and opens it for writing, confined in the same way.
///
/// @param directory  A descriptor of the directory.
/// @param path       A relative path; whatever has the name already, also a symbolic link, is refused (EEXIST).
/// @param mode       The permissions, less those of the umask; other bits (set-uid) are ignored.
/// @return A descriptor, or the negative of an errno.
int clinux_confined_create(int directory, const char *path, unsigned int mode);

#endif
