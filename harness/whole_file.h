/* whole_file.h: a file that is there whole or not at all, even where the machine stops in between.
 */
#ifndef HARNESS_WHOLE_FILE_H
#define HARNESS_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes path.tmp, makes it durable and renames it. A last line {"type":"end","fnv":...} seals it.
 * False: see why; path is as it was. */
bool whole_file_write(const char *path, const char *text, size_t size, char *why, size_t room);
/* The text without its last line, to be freed. NULL: see why: it can't be read, or it is damaged.
 */
char *whole_file_read(const char *path, char *why, size_t room);

#endif
