/* pip.h: the inconsequential registers of a PIP in a compiled program [0021], [0022]: found by
 * liveness over the control flow of the function, for any architecture that has a front end.
 * docs/pip.md says what is assumed and where it ends. */
#ifndef SWITCHLAB_PIP_H
#define SWITCHLAB_PIP_H

#include "harness/registry.h"
#include "pip/calls.h"

/* front ends register themselves, by name */
REGISTRY(pip_arch)
#define REGISTER_PIP_ARCH(object) REGISTER(pip_arch, object)

/* A file that is open for analysis */
struct pip {
    struct pip_image *image;
    const struct pip_arch *arch;
    struct pip_calls *calls;
};
/* false and a message */
bool pip_open(struct pip *, const char *path, char message[PIP_MESSAGE]);
bool pip_open_memory(struct pip *, const uint8_t *bytes, size_t size, const char *name,
                     char message[PIP_MESSAGE]);
void pip_close(struct pip *);

/* SYMBOL, SYMBOL+OFFSET, ADDRESS or ADDRESS+OFFSET; numbers in C's forms. false and a message */
struct pip_place {
    uint64_t address;
    bool offset; /* a point was named, not only a function */
    uint64_t
        entry; /* of the function that holds it; the address itself when no function is known to */
    uint64_t end;         /* of that function; 0: unknown */
    const char *function; /* its name, or NULL */
};
bool pip_find(const struct pip *, const char *place, struct pip_place *, char message[PIP_MESSAGE]);

/* The flow of the function that holds a place, solved. NULL and a message: it is no instruction of
 * the function, ... Free it by pip_flow_free */
struct pip_flow *pip_analyse(const struct pip *, const struct pip_place *, int *at,
                             char message[PIP_MESSAGE]);

/* A PIP, and where control may resume instead of there [0034]: points[0] is where the context is
 * saved */
struct pip_point {
    struct pip_place place;
    const struct pip_flow *flow;
    int at;
};
struct pip_points {
    struct pip_point *point;
    size_t count;
};
/* false and a message; free it in either case */
bool pip_points_find(const struct pip *, char *const places[], size_t count, struct pip_points *,
                     char message[PIP_MESSAGE]);
void pip_points_free(struct pip_points *);

/* What a register is there: live at one of the points, or inconsequential at all */
struct pip_verdict {
    bool live;
    char why[160];
};
struct pip_verdict pip_verdict(const struct pip *, const struct pip_points *,
                               const struct pip_register *);
bool pip_live(const struct pip_flow *, int at, const struct pip_register *);
/* live registers there: the fewer, the better a PIP */
size_t pip_live_count(const struct pip_flow *, int at);

/* "name+0x1c", or the address */
void pip_name(const struct pip *, uint64_t address, char *text, size_t size);

#endif
