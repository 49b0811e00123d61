/* The state of Ski as its `save` command writes it, and its comparison with a machine of ours. */
#ifndef SKI_STATE_H
#define SKI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ia64.h"

struct ski_page {
    uint64_t address;
    uint64_t words[512];
};

/* General, floating-point and predicate registers are physical: before rotation and renaming. */
struct ski_state {
    uint64_t ip, psr, cfm; /* ip: slot in bits 3:2 */
    uint64_t gr[128], gr_nat[128];
    struct ia64_fr fr[128];
    uint64_t pr, br[8], ar[128], cr[128];
    uint64_t bank[16], bank_nat; /* r16-r31 of the bank that is not in use */
    uint64_t rr[8], pkr[16], dbr[16], ibr[16], pmd[64];
    unsigned bottom;            /* physical register that is r32, counted from 32 */
    unsigned dirty, incomplete; /* incomplete: mandatory loads are yet to come */
    size_t pages;
    struct ski_page *page;
};

/* Returns false when the file cannot be read or is not a saved state. */
bool ski_state_read(struct ski_state *state, const char *path);
void ski_state_free(struct ski_state *state);

/* Hands each difference to report and returns their number. Left out: ar.itc (Ski shows the time of
 * day), cr.iipa; cr.ifa, cr.itir and cr.iha (Ski writes them at every reference to memory; the
 * random programs' handlers record them when they have a meaning), pmc.
 */
size_t ski_state_compare(const struct ski_state *ski, const struct ia64 *machine,
                         ia64_report *report, void *context);

#endif
