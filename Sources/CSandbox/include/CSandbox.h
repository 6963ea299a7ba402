// What the sandbox needs of the kernel and Swift's Glibc module lacks, one header for each topic.

#ifndef CSANDBOX_H
#define CSANDBOX_H

#include "channel.h"
#include "filter.h"
#include "memory.h"
#include "notification.h"
#include "place.h"
#include "process.h"
#include "spawn.h"

#endif
