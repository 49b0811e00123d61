/* worlds.h: a copy of the worlds in which one of them is broken, for tests of what the engines say
 * then. */
#ifndef SWITCHLAB_TESTS_WORLDS_H
#define SWITCHLAB_TESTS_WORLDS_H

#include <stddef.h>
#include <stdint.h>

/* Sets IA64_WORLDS to a new folder that holds `world` alone, with `size` bytes at symbol + offset
 * replaced. */
void break_world(const char *world, const char *symbol, uint64_t offset, const void *bytes,
                 size_t size);
/* The same with a file of any bytes. */
void replace_world(const char *world, const void *bytes, size_t size);
/* IA64_WORLDS as it was */
void mend_worlds(void);

#endif
