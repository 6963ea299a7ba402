#ifndef CSANDBOX_PLACE_H
#define CSANDBOX_PLACE_H

/// A descriptor that stands for a place beneath a directory (O_PATH): nothing can be read or written by it.
///
/// No symbolic link is followed, whatever is renamed in the meantime.
///
/// @param directory  A path of the directory.
/// @param path       A path relative to it.
/// @return A descriptor, or the negative of an errno.
int csandbox_open_place(const char *_Nonnull directory, const char *_Nonnull path);

#endif
