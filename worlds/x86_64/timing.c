/* timing.c: what is timed at ring 0 of x86-64: chains of dependent instructions, the switch, and
 * what leaves a virtual machine. */
#include "worlds/common/world.h"

static uint64_t now(void) {
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

#define TEN(x) x x x x x x x x x x
/* n rounded up to a multiple of ten */
#define CHAIN(instruction)                                                                         \
    uint64_t value = 1, other = 3, loops = (n + 9) / 10, begin = now();                            \
    __asm__ volatile("1:\n\t" TEN(instruction " %[other], %[value]\n\t") "dec %[loops]\n\tjnz 1b"  \
                     : [value] "+r"(value), [loops] "+r"(loops)                                    \
                     : [other] "r"(other)                                                          \
                     : "cc");                                                                      \
    return now() - begin

static uint64_t multiply(uint64_t n) {
    CHAIN("imul");
}
static uint64_t add(uint64_t n) {
    CHAIN("add");
}

/* host, virtual machine, host: nothing is done there but to come back (entry.S, timed_vm) */
static uint64_t round_trips(uint64_t n) {
    host_resume.point = (uint64_t)(uintptr_t)timed_resume;
    trial_running = TRIAL_TIMED;
    uint64_t begin = now();
    timed_run(n);
    uint64_t ticks_taken = now() - begin;
    trial_running = TRIAL_NONE;
    return ticks_taken;
}

/* handled by the kernel of the host */
static uint64_t cpuid(uint64_t n) {
    uint64_t begin = now();
    while (n--) {
        uint32_t a = 0, b, c = 0, d;
        __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    }
    return now() - begin;
}

/* handled by the process that runs the machine: the port of POST codes, which nobody reads */
static uint64_t port(uint64_t n) {
    uint64_t begin = now();
    while (n--)
        __asm__ volatile("outb %%al, $0x80" : : "a"(0));
    return now() - begin;
}

const struct timing chain_timings[] = {
    {"mul", multiply}, {"add", add}, {"cpuid", cpuid}, {"port", port}, {NULL, NULL}};
const struct timing switch_timings[] = {
    {"mul", multiply}, {"add", add}, {"switch", round_trips}, {NULL, NULL}};
