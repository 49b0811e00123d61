/* arch.c: the rest of x86-64 in C: descriptor tables, the local APIC's timer, the console, and the
 * privileged instructions that the virtual machine knows. */
#include "worlds/common/world.h"

/* ---- descriptor tables ---- */

struct gate {
    uint16_t low, selector;
    uint8_t stack, type;
    uint16_t middle;
    uint32_t high, reserved;
};
struct table_register {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));
struct task {
    uint32_t reserved0;
    uint64_t rsp[3], reserved1, ist[7], reserved2;
    uint16_t reserved3, io;
} __attribute__((packed));

static struct gate host_gates[VECTORS], vm_gates[VECTORS];
const struct table_register host_idt = {sizeof host_gates - 1, (uint64_t)host_gates},
                            vm_idt = {sizeof vm_gates - 1, (uint64_t)vm_gates};
extern const uint64_t host_entries[VECTORS], vm_entries[VECTORS];
static uint8_t exception_stack[STACK_BYTES] __attribute__((aligned(64)));
struct task task;

enum { GATE = 0x8e, GATE_FOR_ALL = 0xee, UNDEFINED = 6, EXCEPTIONS = 32, EXCEPTION_STACK = 1 };

/* An exception has a stack of its own: it arrives whatever rsp holds. Not an undefined opcode,
 * which may be a call (cause_of): with a broken rsp it ends as a double fault. */
static void make_gates(struct gate *gates, const uint64_t *entries) {
    for (unsigned i = 0; i < VECTORS; i++)
        gates[i] = (struct gate){.low = (uint16_t)entries[i],
                                 .selector = SEGMENT_HOST_CODE,
                                 .stack = i < EXCEPTIONS && i != UNDEFINED ? EXCEPTION_STACK : 0,
                                 .type = i == VECTOR_CALL ? GATE_FOR_ALL : GATE,
                                 .middle = (uint16_t)(entries[i] >> 16),
                                 .high = (uint32_t)(entries[i] >> 32)};
}

static uint64_t segments[9] = {
    [SEGMENT_HOST_CODE / 8] = 0x00af9b000000ffff,  [SEGMENT_HOST_DATA / 8] = 0x00cf93000000ffff,
    [SEGMENT_GUEST_CODE / 8] = 0x00afbb000000ffff, [SEGMENT_GUEST_DATA / 8] = 0x00cfb3000000ffff,
    [SEGMENT_USER_CODE / 8] = 0x00affb000000ffff,  [SEGMENT_USER_DATA / 8] = 0x00cff3000000ffff,
};

static void load_tables(void) {
    const uint64_t at = (uint64_t)&task;
    segments[SEGMENT_TASK / 8] =
        (sizeof task - 1) | (at & 0xffffff) << 16 | UINT64_C(0x89) << 40 | (at >> 24 & 0xff) << 56;
    segments[SEGMENT_TASK / 8 + 1] = at >> 32;
    task.rsp[0] = (uint64_t)(host_stack + STACK_BYTES);
    task.ist[EXCEPTION_STACK - 1] = (uint64_t)(exception_stack + STACK_BYTES);
    task.io = sizeof task;
    const struct table_register gdt = {sizeof segments - 1, (uint64_t)segments};
    __asm__ volatile("lgdt %0\n\t"
                     "mov %1, %%ds\n\tmov %1, %%es\n\tmov %1, %%ss\n\t"
                     "ltr %w2\n\t"
                     "lidt %3"
                     :
                     : "m"(gdt), "r"(SEGMENT_HOST_DATA), "r"(SEGMENT_TASK), "m"(host_idt));
}

/* ---- console and end ---- */

static void out(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void put_character(char c) {
    out(0xe9, (uint8_t)c);
}

void world_exit(unsigned status) {
    for (;;)
        out(0xf4, (uint8_t)status);
}

void print_context(const struct context *c) {
    static const char *const names[] = {
        "rax", "rbx", "rcx", "rdx", "rsi",    "rdi",   "rbp", "r8", "r9",     "r10", "r11",
        "r12", "r13", "r14", "r15", "vector", "error", "rip", "cs", "rflags", "rsp", "ss"};
    const uint64_t *value = &c->rax;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        print(names[i]);
        put_character(' ');
        print_hex(value[i]);
        put_character('\n');
    }
    print("cr2 ");
    print_hex(x_read(X_CR2));
    put_character('\n');
}

/* ---- clock: the local APIC, one tick an instruction under -icount ---- */

enum {
    EOI = 0xb0,
    SPURIOUS = 0xf0,
    COMMAND = 0x300,
    TIMER = 0x320,
    LINT0 = 0x350,
    LINT1 = 0x360,
    INITIAL = 0x380,
    DIVIDE = 0x3e0
};
enum { ENABLE = 0x1ff, MASKED_ENTRY = 0x10000, TO_SELF = 0x44000, BY_1 = 0xb };

static void apic(unsigned reg, uint32_t value) {
    *(volatile uint32_t *)(UINT64_C(0xfee00000) + reg) = value;
}

static void start_clock(void) {
    out(0x21, 0xff); /* no interrupt from an 8259 */
    out(0xa1, 0xff);
    apic(SPURIOUS, ENABLE);
    apic(LINT0, MASKED_ENTRY);
    apic(LINT1, MASKED_ENTRY);
    apic(DIVIDE, BY_1);
    apic(TIMER, VECTOR_TICK);
}

void tick_now(void) {
    apic(COMMAND, TO_SELF | VECTOR_TICK);
}
void tick_take(void) {
    apic(EOI, 0);
}
void tick_keep(void) {
    tick_now();
    apic(EOI, 0);
}
void tick_cancel(void) {
    apic(INITIAL, 0);
}

/* ---- contexts ---- */

const char *const x_names[ARCH_X] = {
    [X_CR2] = "cr2", [X_GS_BASE] = "gs_base", [X_KERNEL_GS_BASE] = "kernel_gs_base"};

void context_make(struct context *c, enum level level, void (*entry)(void), void *stack_top) {
    *c = (struct context){.rip = (uint64_t)entry, .rflags = FLAGS_INTERRUPTIBLE};
    context_set_level(c, level);
    context_set_stack(c, (uint64_t)stack_top);
}

/* int $0x80 where it is not executed but undefined: some hypervisors interpret code of rings 0 and
 * 1 and know no int. The call is the same one. */
static bool is_undefined_call(struct context *c) {
    static const uint8_t call[2] = {0xcd, VECTOR_CALL};
    const uint8_t *code = (const uint8_t *)c->rip;
    if (c->vector != UNDEFINED || context_privileged(c) || code[0] != call[0] || code[1] != call[1])
        return false;
    c->rip += sizeof call;
    return true;
}

enum cause cause_of(struct context *c); /* for entry.S */
enum cause cause_of(struct context *c) {
    enum { GENERAL_PROTECTION = 13 };
    if (c->vector == VECTOR_TICK) return CAUSE_TICK;
    if (c->vector == VECTOR_CALL || is_undefined_call(c)) return CAUSE_CALL;
    return c->vector == GENERAL_PROTECTION && !context_privileged(c) ? CAUSE_PRIVILEGED
                                                                     : CAUSE_OTHER;
}

/* ---- X, simulated: mov to and from cr2, rdmsr, wrmsr, swapgs; Intel SDM vol. 2 ---- */

static uint64_t *general(struct context *c, unsigned number) {
    uint64_t *const in_order[16] = {&c->rax, &c->rcx, &c->rdx, &c->rbx, &c->rsp, &c->rbp,
                                    &c->rsi, &c->rdi, &c->r8,  &c->r9,  &c->r10, &c->r11,
                                    &c->r12, &c->r13, &c->r14, &c->r15};
    return in_order[number];
}

static bool simulate_cr(struct context *c, const uint8_t *code, bool extended, uint64_t *x) {
    uint64_t *operand = general(c, (code[2] & 7) + (extended ? 8u : 0));
    if ((code[2] >> 3 & 7) != 2) return false; /* another control register */
    if (code[1] == 0x20)
        *operand = x[X_CR2];
    else
        x[X_CR2] = *operand;
    return true;
}

static bool simulate_msr(struct context *c, bool write, uint64_t *x) {
    uint64_t *value = (uint32_t)c->rcx == MSR_GS_BASE          ? &x[X_GS_BASE]
                      : (uint32_t)c->rcx == MSR_KERNEL_GS_BASE ? &x[X_KERNEL_GS_BASE]
                                                               : NULL;
    if (!value) return false;
    if (write) {
        *value = c->rdx << 32 | (uint32_t)c->rax;
    } else {
        c->rax = (uint32_t)*value;
        c->rdx = *value >> 32;
    }
    return true;
}

static bool simulate_swapgs(const uint8_t *code, uint64_t *x) {
    uint64_t base = x[X_GS_BASE];
    if (code[2] != 0xf8) return false;
    x[X_GS_BASE] = x[X_KERNEL_GS_BASE];
    x[X_KERNEL_GS_BASE] = base;
    return true;
}

bool simulate(struct context *c, uint64_t x[ARCH_X]) {
    const uint8_t *code = (const uint8_t *)c->rip;
    bool extended = false, known = false;
    unsigned size = 0;
    if ((code[0] & 0xf0) == 0x40) { /* REX */
        extended = code[0] & 1;
        size = 1;
    }
    code += size;
    if (code[0] != 0x0f) return false;
    if (code[1] == 0x20 || code[1] == 0x22) known = simulate_cr(c, code, extended, x), size += 3;
    if (code[1] == 0x30 || code[1] == 0x32) known = simulate_msr(c, code[1] == 0x30, x), size += 2;
    if (code[1] == 0x01) known = simulate_swapgs(code, x), size += 3;
    if (known) c->rip += size;
    return known;
}

/* ---- images ---- */

const char *const image_classes[] = {"gpr", "sp", "ip", "flags", "thread", "x", "vectors", NULL};

enum {
    FLAGS_LEGAL = 0xcd5,
    FLAGS_FIXED = 2
}; /* CF PF AF ZF SF DF OF; interrupts are trial_run's */

static void legal_base(uint8_t *image, unsigned slot) {
    uint64_t *value = (uint64_t *)(void *)(image + slot);
    *value = x_legal(X_GS_BASE, *value);
}

void image_legal(uint8_t *image) {
    uint64_t *flags = (uint64_t *)(void *)(image + SLOT_RFLAGS),
             *idtr = (uint64_t *)(void *)(image + SLOT_IDTR);
    *flags = (*flags & FLAGS_LEGAL) | FLAGS_FIXED;
    *idtr = host_idt.base;
    *(uint64_t *)(void *)(image + SLOT_RIP) = (uint64_t)trial_resume;
    legal_base(image, SLOT_FS_BASE);
    legal_base(image, SLOT_GS_BASE);
    legal_base(image, SLOT_KERNEL_GS_BASE);
}

uint64_t image_information(const uint8_t *image) {
    return *(const uint64_t *)(const void *)(image + SLOT_RAX);
}

void fill_nops(uint8_t *begin, uint8_t *end) {
    while (begin < end)
        *begin++ = 0x90;
}
void code_changed(void *begin, void *end) {
    (void)begin, (void)end; /* the CPU sees to it at the next jump */
}

/* at the host's level, on a stack that is whole, interrupts off */
extern uint8_t trial_recover[];
void context_recover(struct context *c) {
    *c = (struct context){.rip = (uint64_t)trial_recover,
                          .cs = SEGMENT_HOST_CODE,
                          .ss = SEGMENT_HOST_DATA,
                          .rflags = FLAGS_FIXED,
                          .rsp = (uint64_t)(host_stack + STACK_BYTES)};
}

/* from boot.S, in 64-bit mode */
void boot_main(void);
void boot_main(void) {
    make_gates(host_gates, host_entries);
    make_gates(vm_gates, vm_entries);
    load_tables();
    start_clock();
    world_main();
}
