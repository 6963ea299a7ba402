// What Swift's Glibc module lacks, one header for each topic.

#ifndef CLINUX_H
#define CLINUX_H

#include "confined_open.h"
#include "find_bytes.h"
#include "loop.h"

#endif
