/* image.h: a linked ELF file as the analysis sees it: bytes by address, functions, and what its
 * imports are called. Nothing in the file is trusted; a file that makes no sense ends in an error
 * or in fewer functions, never outside its bytes. */
#ifndef SWITCHLAB_PIP_IMAGE_H
#define SWITCHLAB_PIP_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pip_function {
    uint64_t start, end; /* [start, end); end is 0 when nothing says where it ends */
    const char *name;
};

/* a stretch of the file that is mapped */
struct pip_segment {
    uint64_t address, size; /* bytes that the file holds */
    const uint8_t *bytes;
    bool code;
};

struct pip_image {
    unsigned machine; /* e_machine */
    uint64_t entry;
    bool unwinds; /* has tables that send exceptions to landing pads (.gcc_except_table) */
    uint64_t stubs, stubs_end; /* where the linker put the jumps to other files (.plt*) */
    struct pip_segment *segment;
    size_t segments;
    struct pip_function *function; /* by address; one for each start */
    size_t functions;
    struct private_image *private;
};

enum { PIP_MESSAGE = 512 };

/* NULL and a message: what is wrong with which file, and what to do */
struct pip_image *pip_image_open(const char *path, char message[PIP_MESSAGE]);
/* the same of bytes in memory, which are copied; `name` is for messages */
struct pip_image *pip_image_of(const uint8_t *bytes, size_t size, const char *name,
                               char message[PIP_MESSAGE]);
void pip_image_free(struct pip_image *);

/* where functions begin in a file that doesn't say so */
void pip_image_add_functions(struct pip_image *, const uint64_t *starts, size_t count);

/* the bytes at an address, and how many follow; NULL when the file holds none there (or none that
 * are code) */
const uint8_t *pip_image_code(const struct pip_image *, uint64_t address, size_t *left);
const uint8_t *pip_image_data(const struct pip_image *, uint64_t address, size_t *left);

/* the function that holds an address, or NULL */
const struct pip_function *pip_image_function(const struct pip_image *, uint64_t address);
/* the functions of this name (local ones may share it): how many there are; the first goes to
 * *address */
size_t pip_image_named(const struct pip_image *, const char *name, uint64_t *address);
/* what the dynamic linker puts into the 8 bytes at an address: the symbol's name, or NULL */
const char *pip_image_import(const struct pip_image *, uint64_t slot);

#endif
