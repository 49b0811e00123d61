/* What random programs are written with: random numbers, registers that a place may use, and rows
 * of random_rows.h with their operands filled in. */
#ifndef RANDOM_TEXT_H
#define RANDOM_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MAX_FUNCTIONS = 4096, DATA_BYTES = 16384, PAGES = 16 };

struct frame {
    unsigned in, locals, out, rotating; /* sizes of parts of the register frame */
};

struct stream {
    FILE *to;
    uint64_t state; /* of the random numbers */
    unsigned label; /* the last one used */
    struct frame frame;
    bool in_loop;       /* loop counters and rotating predicates are in use */
    bool safe;          /* nothing may be interrupted */
    bool virtual;       /* data addresses may lie in region 1 */
    bool alat;          /* advanced loads leave entries */
    bool watched;       /* debug registers are on */
    bool bank0;         /* code runs in bank 0 */
    bool reserved[128]; /* general registers that a piece needs later */
    unsigned base;      /* address register of the row at hand, or 0 */
    unsigned loaded[2]; /* registers that were loaded for the row at hand */
    uint64_t cost;      /* instructions that the function executes, roughly */
    unsigned made;      /* functions so far */
    uint64_t costs[MAX_FUNCTIONS];
    uint64_t budget;
};

uint64_t next(struct stream *s);
unsigned below(struct stream *s, unsigned n);
bool chance(struct stream *s, unsigned percent);
uint64_t word(struct stream *s); /* with a liking for corner cases */

unsigned gr_source(struct stream *s);
unsigned gr_destination(struct stream *s); /* now and then outside the frame, which faults */
unsigned gr_in_frame(struct stream *s);
unsigned fr_source(struct stream *s);
unsigned fr_destination(struct stream *s);
unsigned predicate(struct stream *s);
unsigned saved_pfs(const struct stream *s); /* where a function keeps what it has to return with */
unsigned saved_b0(const struct stream *s);

/* A line of the program. */
void emit(struct stream *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void qualify(struct stream *s, char *text); /* "(p5) " or nothing */
void memory(struct stream *s);              /* a reference to memory */
void single(struct stream *s);              /* an instruction of any kind that the place allows */
void singles(struct stream *s, unsigned n);

#endif
