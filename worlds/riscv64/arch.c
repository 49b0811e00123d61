/* arch.c: the rest of RV64 in C: the timer, console and end, and the privileged instructions that
 * the virtual machine knows. */
#include "worlds/common/world.h"

/* ---- console and end: a 16550, and the test device ---- */

void put_character(char c) {
    *(volatile uint8_t *)UINT64_C(0x10000000) = (uint8_t)c;
}

void world_exit(unsigned status) {
    enum { PASS = 0x5555, FAIL = 0x3333 };
    for (;;)
        *(volatile uint32_t *)UINT64_C(0x100000) = status ? status << 16 | FAIL : PASS;
}

void print_context(const struct context *c) {
    static const char *const names[] = {
        "cause", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2", "s0", "s1",     "a0",   "a1",
        "a2",    "a3", "a4",  "a5",  "a6", "a7", "s2", "s3", "s4", "s5",     "s6",   "s7",
        "s8",    "s9", "s10", "s11", "t3", "t4", "t5", "t6", "pc", "status", "value"};
    const uint64_t *value = &c->cause;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        print(names[i]);
        put_character(' ');
        print_hex(value[i]);
        put_character('\n');
    }
}

/* ---- clock: supervisor mode's stimecmp (the extension Sstc, without a name in older assemblers),
 * or machine mode's mtimecmp in the CLINT ---- */

static void alarm_at(uint64_t time) {
#ifdef MACHINE
    *(volatile uint64_t *)UINT64_C(0x02004000) = time;
#else
    __asm__ volatile("csrw 0x14d, %0" : : "r"(time) : "memory");
#endif
}

void tick_now(void) {
    alarm_at(0);
}
/* the interrupt lasts as long as the time is past */
void tick_take(void) {
    alarm_at(~UINT64_C(0));
}
void tick_keep(void) {}
void tick_cancel(void) {
    alarm_at(~UINT64_C(0));
}

/* ---- contexts ---- */

const char *const x_names[ARCH_X] = {[X_EPC] = MODE_STRING(CSR_EPC),
                                     [X_SCRATCH] = MODE_STRING(CSR_SCRATCH),
                                     [X_STATUS] = MODE_STRING(CSR_STATUS)};

void context_make(struct context *c, enum level level, void (*entry)(void), void *stack_top) {
    (void)level;
    *c = (struct context){.pc = (uint64_t)entry, .sp = (uint64_t)stack_top, .status = PIE};
}

enum cause cause_of(struct context *c); /* for entry.S; a call goes on after its instruction */
enum cause cause_of(struct context *c) {
    enum { ILLEGAL = 2, USER_CALL = 8, CALL_BYTES = 4 };
    static const uint64_t timer = UINT64_C(1) << 63 | TIMER_INTERRUPT;
    if (c->cause == timer) return CAUSE_TICK;
    if (c->cause == ILLEGAL && !context_privileged(c)) return CAUSE_PRIVILEGED;
    if (c->cause != USER_CALL) return CAUSE_OTHER;
    c->pc += CALL_BYTES;
    return CAUSE_CALL;
}

/* ---- X, simulated: csrrw, csrrs and csrrc with a register; RISC-V unprivileged ISA, 9.1 ---- */

bool simulate(struct context *c, uint64_t x[ARCH_X]) {
    /* a number has the level in bits 9 and 8 */
    enum { SYSTEM = 0x73, WRITE = 1, SET = 2, CLEAR = 3, HOST = ((1 << STATUS_PP_BITS) - 1) << 8 };
    static const unsigned registers[ARCH_X] = {
        [X_EPC] = HOST | 0x041, [X_SCRATCH] = HOST | 0x040, [X_STATUS] = HOST};
    uint64_t *general = &c->cause; /* x[0] is no register: it reads 0 and takes nothing */
    uint32_t code = *(const uint32_t *)c->pc;
    unsigned to = code >> 7 & 31, from = code >> 15 & 31, operation = code >> 12 & 7;
    if ((code & 0x7f) != SYSTEM || operation < WRITE || operation > CLEAR) return false;
    for (unsigned n = 0; n < ARCH_X; n++) {
        if (code >> 20 != registers[n]) continue;
        uint64_t operand = from ? general[from] : 0, before = x[n];
        x[n] = operation == WRITE ? operand
               : operation == SET ? before | operand
                                  : before & ~operand;
        if (to) general[to] = before;
        c->pc += sizeof code;
        return true;
    }
    return false;
}

/* ---- images ---- */

const char *const image_classes[] = {"gpr",    "link", "sp",      "pc", "global",
                                     "thread", "x",    "vectors", NULL};

static uint64_t *at(uint8_t *image, unsigned slot) {
    return (uint64_t *)(void *)(image + slot);
}

extern uint8_t host_entry[], trial_recover[];
void image_legal(uint8_t *image) {
    /* UXL, and in mstatus SXL: constant here */
    static const uint64_t lengths =
        UINT64_C(2) << 32 | (STATUS_PP_BITS > 1 ? UINT64_C(2) << 34 : 0);
    *at(image, MODE_SLOT(CSR_EPC)) = x_legal(X_EPC, *at(image, MODE_SLOT(CSR_EPC)));
    /* an interrupt leaves xPIE set and xPP clear: the host's are the other way round, so that a
     * loss always shows */
    uint64_t fields = image == trial_given ? PP : PIE;
    *at(image, MODE_SLOT(CSR_STATUS)) =
        (*at(image, MODE_SLOT(CSR_STATUS)) & (SUM | MXR)) | fields | lengths;
    *at(image, SLOT_pc) = (uint64_t)trial_resume;
    *at(image, MODE_SLOT(CSR_VECTOR)) = (uint64_t)host_entry;
}

uint64_t image_information(const uint8_t *image) {
    return *(const uint64_t *)(const void *)(image + SLOT_a0);
}

void fill_nops(uint8_t *begin, uint8_t *end) {
    for (uint32_t *to = (uint32_t *)(void *)begin; to < (uint32_t *)(void *)end; to++)
        *to = 0x13;
}

void code_changed(void *begin, void *end) {
    (void)begin, (void)end;
    __asm__ volatile("fence.i" : : : "memory");
}

void context_recover(struct context *c) {
    *c = (struct context){
        .pc = (uint64_t)trial_recover, .status = PP, .sp = (uint64_t)(host_stack + STACK_BYTES)};
}
