/* arch.c: the rest of Armv8-A in C: the interrupt controller and the timer, console and end, and
 * the privileged instructions that the virtual machine knows. */
#include "worlds/common/world.h"

/* ---- console and end: a PL011, and semihosting ---- */

void put_character(char c) {
    *(volatile uint32_t *)UINT64_C(0x09000000) = (uint8_t)c;
}

void world_exit(unsigned status) {
    enum { EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };
    const uint64_t block[] = {APPLICATION_EXIT, status};
    register uint64_t operation __asm__("x0") = EXIT_EXTENDED;
    register const uint64_t *argument __asm__("x1") = block;
    for (;;)
        __asm__ volatile("hlt #0xf000" : : "r"(operation), "r"(argument) : "memory");
}

static void print_word(const char *name, uint64_t value) {
    print(name);
    put_character(' ');
    print_hex(value);
    put_character('\n');
}

void print_context(const struct context *c) {
    for (unsigned i = 0; i < 31; i++) {
        put_character('x');
        if (i > 9) put_character((char)('0' + i / 10));
        put_character((char)('0' + i % 10));
        print_word("", c->x[i]);
    }
    print_word("sp", c->sp);
    print_word("pc", c->pc);
    print_word("spsr", c->spsr);
    print_word("esr", c->esr);
    print_word("vector", c->vector);
}

/* ---- clock: the virtual timer, a private interrupt of a GICv2 ---- */

enum { DISTRIBUTOR = 0x08000000, CPU_INTERFACE = 0x08010000 };
enum {
    CONTROL = 0,
    SET_ENABLE = 0x100,
    PRIORITY_MASK = 4,
    ACKNOWLEDGE = 0xc,
    END = 0x10,
    TIMER_INTERRUPT = 27
};

static volatile uint32_t *device(uint64_t base, unsigned offset) {
    return (volatile uint32_t *)(base + offset);
}

static void timer(uint64_t count, uint64_t enable) {
    __asm__ volatile("msr cntv_tval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb"
                     :
                     : "r"(count), "r"(enable)
                     : "memory");
}

static void start_clock(void) {
    timer(0, 0);
    *device(DISTRIBUTOR, CONTROL) = 1;
    *device(DISTRIBUTOR, SET_ENABLE) = 1u << TIMER_INTERRUPT;
    *device(CPU_INTERFACE, PRIORITY_MASK) = 0xff;
    *device(CPU_INTERFACE, CONTROL) = 1;
}

void tick_now(void) {
    timer(0, 1);
}
/* the interrupt lasts as long as the timer's condition does */
void tick_take(void) {
    uint32_t number = *device(CPU_INTERFACE, ACKNOWLEDGE);
    timer(0, 0);
    *device(CPU_INTERFACE, END) = number;
}
void tick_keep(void) {}
void tick_cancel(void) {
    timer(0, 0);
}

/* ---- contexts ---- */

const char *const x_names[ARCH_X] = {
    [X_ELR] = "elr_el1", [X_SPSR] = "spsr_el1", [X_TPIDR] = "tpidr_el1", [X_SP_EL0] = "sp_el0"};

void context_make(struct context *c, enum level level, void (*entry)(void), void *stack_top) {
    (void)level;
    *c = (struct context){.pc = (uint64_t)entry, .sp = (uint64_t)stack_top};
}

enum cause cause_of(const struct context *c); /* for entry.S */
enum cause cause_of(const struct context *c) {
    enum { UNKNOWN = 0x00, SUPERVISOR_CALL = 0x15, SYSTEM_REGISTER = 0x18 };
    unsigned class = (unsigned)(c->esr >> 26);
    if (c->vector == VECTOR_TICK_HOST || c->vector == VECTOR_TICK_USER) return CAUSE_TICK;
    if (c->vector != VECTOR_SYNC_USER) return CAUSE_OTHER;
    if (class == SUPERVISOR_CALL) return CAUSE_CALL;
    return class == UNKNOWN || class == SYSTEM_REGISTER ? CAUSE_PRIVILEGED : CAUSE_OTHER;
}

/* ---- X, simulated: mrs and msr; Arm ARM, C6.2 ---- */

bool simulate(struct context *c, uint64_t x[ARCH_X]) {
    enum { MOVE = 0xd5100000, MOVE_MASK = 0xffd00000, READ = 1 << 21, NO_REGISTER = 31 };
    static const unsigned registers[ARCH_X] = {
        [X_ELR] = 0xc201, [X_SPSR] = 0xc200, [X_TPIDR] = 0xc684, [X_SP_EL0] = 0xc208};
    uint32_t code = *(const uint32_t *)c->pc;
    unsigned operand = code & 31;
    if ((code & MOVE_MASK) != (uint32_t)MOVE) return false;
    for (unsigned n = 0; n < ARCH_X; n++) {
        if ((code >> 5 & 0xffff) != registers[n]) continue;
        if (!(code & READ))
            x[n] = operand == NO_REGISTER ? 0 : c->x[operand];
        else if (operand != NO_REGISTER)
            c->x[operand] = x[n];
        c->pc += sizeof code;
        return true;
    }
    return false;
}

/* ---- images ---- */

const char *const image_classes[] = {"gpr",    "link", "sp",      "pc", "flags",
                                     "thread", "x",    "vectors", NULL};

static uint64_t *at(uint8_t *image, unsigned slot) {
    return (uint64_t *)(void *)(image + slot);
}

extern uint8_t host_vectors[], trial_recover[];
void image_legal(uint8_t *image) {
    *at(image, SLOT_nzcv) &= 0xf0000000;
    *at(image, SLOT_spsr_el1) = x_legal(X_SPSR, *at(image, SLOT_spsr_el1));
    *at(image, SLOT_pc) = (uint64_t)trial_resume;
    *at(image, SLOT_vbar_el1) = (uint64_t)host_vectors;
}

uint64_t image_information(const uint8_t *image) {
    return *(const uint64_t *)(const void *)(image + SLOT_x0);
}

void fill_nops(uint8_t *begin, uint8_t *end) {
    for (uint32_t *at = (uint32_t *)(void *)begin; at < (uint32_t *)(void *)end; at++)
        *at = 0xd503201f;
}

void code_changed(void *begin, void *end) {
    for (uint8_t *at = begin; at < (uint8_t *)end; at += 4)
        __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

void context_recover(struct context *c) {
    *c = (struct context){.pc = (uint64_t)trial_recover,
                          .spsr = SPSR_EL1H | SPSR_MASKED,
                          .sp = (uint64_t)(host_stack + STACK_BYTES)};
}

/* from boot.S */
void boot_main(void);
void boot_main(void) {
    start_clock();
    world_main();
}
