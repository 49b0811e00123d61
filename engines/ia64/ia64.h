/* ia64.h - a functional simulator of an Itanium processor, as a library.
 * A machine is a value: make it, load it, run it, copy it, compare it, free it. There is no global
 * state; copies share memory pages until one of them writes, so copies of one machine (and copies
 * of copies) belong to one thread. */
#ifndef IA64_H
#define IA64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fp.h"
#include "isa.h"

struct ia64;

struct ia64_config {
    uint64_t memory_limit; /* bytes of simulated memory that may come into being; 0: 1 GiB */
    const char *root;      /* folder of simulator calls OPEN/READ/WRITE; NULL: they are refused */
    const char *initramfs; /* file that GET_INITRAMFS hands out; NULL: length 0 */
    FILE *console_in;      /* GETCHAR; NULL: no input */
    FILE *console_out;     /* PUTCHAR; NULL: output is dropped */
    int argc;              /* GET_ARGS; argv[0] is the program's name */
    char *const *argv;
    bool no_alat; /* advanced loads leave no ALAT entry: ld.c loads, chk.a branches */
    bool defer_physical_speculation; /* ld.s in physical mode always gives NaT */
};

/* Why a run ended. Every stop is precise: ia64_ip() names the next instruction to execute. */
enum ia64_stop {
    IA64_STOP_LIMIT,         /* the instruction count that was asked for is reached */
    IA64_STOP_ADDRESS,       /* ia64_run_until: the address is next to execute */
    IA64_STOP_EXIT,          /* simulator call EXIT or STOP, or break 0; see ia64_exit_status */
    IA64_STOP_UNIMPLEMENTED, /* something that the simulator does not do; see ia64_message */
    IA64_STOP_MEMORY,        /* the memory limit is reached; see ia64_message */
    IA64_STOP_HOOK,          /* the hook asked for it */
    IA64_STOP_LOST           /* interruptions without end: not one instruction retires */
};

/* --- life ------------------------------------------------------------------------------------ */

struct ia64 *
ia64_new(const struct ia64_config *config);           /* config NULL: defaults. NULL: no memory */
struct ia64 *ia64_copy(struct ia64 *m);               /* microseconds; hooks are not copied */
bool ia64_assign(struct ia64 *to, struct ia64 *from); /* *to becomes a copy; false: no memory */
void ia64_free(struct ia64 *m);

/* Loads an ET_EXEC for IA-64 and sets the instruction pointer. 0, or -1 with ia64_message set. */
int ia64_load_elf(struct ia64 *m, const char *path);
int ia64_load_elf_image(struct ia64 *m, const void *image, size_t size, const char *name);

/* --- running --------------------------------------------------------------------------------- */

/* Runs until ia64_count() == limit (absolute). An instruction that raises a fault does not count;
 * an instruction with a false qualifying predicate does. L+X is one instruction. */
enum ia64_stop ia64_run(struct ia64 *m, uint64_t limit);
/* The same, and stops before the instruction at slot 0 of the bundle at `address` (not where it
 * stands). */
enum ia64_stop ia64_run_until(struct ia64 *m, uint64_t address, uint64_t limit);

uint64_t ia64_count(const struct ia64 *m);  /* instructions retired since the machine was made */
int ia64_exit_status(const struct ia64 *m); /* 0..255 */
const char *ia64_message(const struct ia64 *m); /* the last error or stop, "" when there was none */

/* An external interrupt becomes pending now, or exactly before the instruction that would be number
 * `count` (counted from 0, so that ia64_count() == count at its delivery). PSR.i, TPR and
 * interrupts in service delay it as the architecture says. One timed interrupt at a time; count
 * UINT64_MAX: none. */
void ia64_interrupt(struct ia64 *m, unsigned vector);
void ia64_interrupt_at(struct ia64 *m, uint64_t count, unsigned vector);

/* --- state ----------------------------------------------------------------------------------- */

struct ia64_gr {
    uint64_t value;
    bool nat;
};

/* Registers as an instruction names them now: banks, register stack and rotation apply. */
struct ia64_gr ia64_gr(const struct ia64 *m, unsigned r); /* 0..127 */
struct ia64_gr ia64_bank_gr(const struct ia64 *m, unsigned bank,
                            unsigned r);                           /* 16..31 of bank 0/1 */
struct ia64_gr ia64_physical_gr(const struct ia64 *m, unsigned r); /* stacked register 0..95 */
unsigned ia64_bottom_of_frame(const struct ia64 *m);               /* physical number of r32 */
int ia64_dirty_registers(
    const struct ia64 *m); /* below the frame and not in memory; < 0: missing */
struct ia64_fr ia64_fr(const struct ia64 *m, unsigned f); /* 0..127 */
uint64_t ia64_br(const struct ia64 *m, unsigned b);       /* 0..7 */
uint64_t ia64_pr(const struct ia64 *m);                   /* bit i: p<i>, rotation applied */
uint64_t ia64_ar(const struct ia64 *m, unsigned a);       /* 0..127, ar.itc and ar.bsp included */
uint64_t ia64_cr(const struct ia64 *m, unsigned c);       /* no side effects, not even for ivr */
uint64_t ia64_psr(const struct ia64 *m);                  /* all bits, ri included */
uint64_t ia64_cfm(const struct ia64 *m);
uint64_t ia64_ip(const struct ia64 *m);   /* bundle address */
unsigned ia64_slot(const struct ia64 *m); /* 0..2, = PSR.ri */

void ia64_set_gr(struct ia64 *m, unsigned r, struct ia64_gr value);
void ia64_set_bank_gr(struct ia64 *m, unsigned bank, unsigned r, struct ia64_gr value);
void ia64_set_fr(struct ia64 *m, unsigned f, struct ia64_fr value);
void ia64_set_br(struct ia64 *m, unsigned b, uint64_t value);
void ia64_set_pr(struct ia64 *m, uint64_t value);
void ia64_set_ar(struct ia64 *m, unsigned a, uint64_t value);
void ia64_set_cr(struct ia64 *m, unsigned c, uint64_t value);
void ia64_set_psr(struct ia64 *m, uint64_t value);
void ia64_set_ip(struct ia64 *m, uint64_t ip, unsigned slot);

/* Indirect register files, by index; a bad index reads as 0. */
enum ia64_indirect_file { IA64_RR, IA64_PKR, IA64_IBR, IA64_DBR, IA64_PMC, IA64_PMD };
uint64_t ia64_indirect(const struct ia64 *m, enum ia64_indirect_file file, unsigned index);
void ia64_set_indirect(struct ia64 *m, enum ia64_indirect_file file, unsigned index,
                       uint64_t value);

/* Physical memory. Bytes that no page holds read as 0. Writing: false when the limit is reached. */
void ia64_read_memory(const struct ia64 *m, uint64_t address, void *to, size_t size);
bool ia64_write_memory(struct ia64 *m, uint64_t address, const void *from, size_t size);
uint64_t ia64_memory_used(const struct ia64 *m); /* bytes */

/* ELF symbols of the loaded program. */
bool ia64_symbol(const struct ia64 *m, const char *name, uint64_t *address);
const char *ia64_symbol_at(const struct ia64 *m, uint64_t address,
                           uint64_t *offset); /* NULL: none */

/* All registers as text, one "name value" a line, sorted, for people and diff. */
void ia64_print_state(const struct ia64 *m, FILE *to);

/* Compares registers, register stack, TLB and memory. Returns the number of differences and hands
 * the first `max` of them to `report` (may be NULL) by name: "r14", "b0.r16", "f6", "ar.unat", "mem
 * 0x1000". */
typedef void ia64_report(void *context, const char *name, const char *left, const char *right);
size_t ia64_compare(const struct ia64 *a, const struct ia64 *b, ia64_report *report, void *context,
                    size_t max);

/* --- watching -------------------------------------------------------------------------------- */

/* One instruction that was attempted. A fault has its vector and nothing else of it happened; a
 * trap has its vector and the instruction is complete. An interruption that is not an instruction's
 * own (external interrupt, fault of a fetch or of a mandatory fill) is an event with insn NULL. */
struct ia64_event {
    uint64_t ip; /* bundle */
    unsigned slot;
    const struct ia64_insn *insn;
    unsigned template; /* of the bundle, 0..31 */
    bool predicate; /* qualifying predicate was true */
    bool taken;     /* control went to `target` instead of the next instruction */
    uint64_t target;
    bool has_address; /* a memory reference at `address` (virtual), of `size` bytes */
    uint64_t address;
    unsigned size;
    unsigned rse_stores; /* registers that the RSE spilled or filled for it, collections too */
    unsigned rse_loads;
    int vector; /* interruption vector offset (0x5400, ...) or -1 */
};

/* Called after each instruction (and for each interruption). True stops the run with
 * IA64_STOP_HOOK. A hook costs speed; NULL removes it. */
typedef bool ia64_hook(void *context, struct ia64 *m, const struct ia64_event *event);
void ia64_set_hook(struct ia64 *m, ia64_hook *hook, void *context);

/* Counts that are always kept. */
struct ia64_stats {
    uint64_t instructions;
    uint64_t interruptions; /* faults, traps and interrupts delivered */
    uint64_t faults;        /* of them, faults: attempts that did not retire */
    uint64_t external;      /* of them, external interrupts */
    uint64_t rse_stores;    /* words that the RSE spilled, RNAT collections included */
    uint64_t rse_loads;
};
struct ia64_stats ia64_stats(const struct ia64 *m);

#endif
