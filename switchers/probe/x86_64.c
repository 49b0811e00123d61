/* x86_64.c: the probes of x86-64 and the loop that they are injected into. A probe that calls a
 * handler, as profilers do, must save what the handler may change; one written for its PIP uses
 * what is inconsequential there and saves nothing. */
#include "switchers/registers/x86_64.h"
#include "harness/probe.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t probe_events;

/* ---- the host: a hash over a table; on pages of its own, with room for what is injected ---- */

enum { TABLE = 512 };
__attribute__((used)) static uint64_t table[TABLE];
#define FIRST UINT64_C(0x9e3779b97f4a7c15)
#define PRIME UINT64_C(0x100000001b3)

uint64_t probe_loop(uint64_t iterations) __asm__("probe_loop");
extern uint8_t loop_slot[] __asm__("probe_slot"), loop_room[] __asm__("probe_room"),
    loop_end[] __asm__("probe_end");

/* clang-format off: assembler, laid out by hand */
__asm__(".text\n\t.balign 4096\n"
        "probe_loop:\n\t"
        "movabs $0x9e3779b97f4a7c15, %rax\n\t"
        "movabs $0x100000001b3, %r8\n\t"
        "lea table(%rip), %rsi\n\t"
        "xor %edx, %edx\n\t"
        ".balign 64\n"
        "probe_slot:\n"
        "0:\t.byte 0x0f, 0x1f, 0x44, 0, 0\n\t" /* PIP: `switchlab pip` says what is free here */
        "mov (%rsi,%rdx,8), %rcx\n\t"
        "xor %rcx, %rax\n\t"
        "imul %r8, %rax\n\t"
        "add $1, %edx\n\t"
        "and $511, %edx\n\t"
        "sub $1, %rdi\n\t"
        "jne 0b\n\t"
        "ret\n\t"
        ".balign 64\n"
        "probe_room:\n\t.fill 256, 1, 0xcc\n"
        "probe_end:\n\t"
        ".balign 4096\n");
/* clang-format on */

static uint64_t word(uint64_t i) {
    return FIRST * (i * i + 1);
}

static void fill_table(void) {
    for (uint64_t i = 0; i < TABLE; i++)
        table[i] = word(i);
}

static uint64_t run(uint64_t iterations) {
    if (!table[0]) fill_table();
    return iterations ? probe_loop(iterations) : FIRST;
}

static uint64_t expected(uint64_t iterations) {
    uint64_t hash = FIRST;
    for (uint64_t i = 0; i < iterations; i++)
        hash = (hash ^ word(i % TABLE)) * PRIME;
    return hash;
}

const struct probe_host probe_host = {
    .run = run,
    .expected = expected,
    .pip = {.place = "probe_slot+0",
            .slot = loop_slot,
            .room = loop_room,
            .end = loop_end,
            .free = -1},
};

/* ---- probes that call a handler: what they save comes from the table of registers ---- */

__attribute__((used, noinline, target("general-regs-only"))) static void
handler(void) __asm__("probe_handler");
static void handler(void) {
    probe_events++;
}

/* clang-format off: assembler, laid out by hand */
/* entered by a call that has stepped over the red zone. rbp finds the way back from the aligned
 * frame */
#define STUB(name, registers, state)                                                               \
    extern const uint8_t stub_##name[] __asm__("probe_stub_" #name);                               \
    __asm__(".text\n\t.balign 64\n"                                                                \
            "probe_stub_" #name ":\n\t"                                                            \
            "pushf\n\tpush %rbp\n\tmov %rsp, %rbp\n\t"                                             \
            "lea -5248(%rsp), %rsp\n\tand $-64, %rsp\n\t"                                          \
            "rows " registers ", store_gpr, rsp\n\t"                                               \
            "save_state " state ", rsp\n\t"                                                        \
            "cld\n\tcall probe_handler\n\t"                                                        \
            "restore_state " state ", rsp\n\t"                                                     \
            "rows " registers ", load_gpr, rsp\n\t"                                                \
            "mov %rbp, %rsp\n\tpop %rbp\n\tpopf\n\tret\n")
STUB(scratch, "gpr_scratch", "none");
STUB(full, "gpr", "none");
STUB(fp, "gpr", "fp");
STUB(xmm, "gpr", "xmm");
STUB(ymm, "gpr", "ymm");
STUB(zmm, "gpr", "zmm");
STUB(fxsave, "gpr", "fxsave");
STUB(xsave, "gpr", "xsave");
STUB(xsavec, "gpr", "xsavec");
STUB(xsaveopt, "gpr", "xsaveopt");
/* clang-format on */

static const struct stub {
    const char *kind, *state;
    const uint8_t *code; /* NULL: it calls nothing, it uses what is free */
} stubs[] = {
    {"pip", "none", NULL},
    {"scratch", "none", stub_scratch},
    {"full", "none", stub_full},
    {"full", "fp", stub_fp},
    {"full", "xmm", stub_xmm},
    {"full", "ymm", stub_ymm},
    {"full", "zmm", stub_zmm},
    {"full", "fxsave", stub_fxsave},
    {"full", "xsave", stub_xsave},
    {"full", "xsavec", stub_xsavec},
    {"full", "xsaveopt", stub_xsaveopt},
};

static const struct stub *stub_of(const struct switcher *switcher) {
    for (size_t i = 0; i < sizeof stubs / sizeof *stubs; i++)
        if (strcmp(stubs[i].kind, switcher->kind) == 0 &&
            strcmp(stubs[i].state, switcher->state) == 0)
            return &stubs[i];
    return NULL;
}

bool probe_is_for(const struct switcher *switcher) {
    return stub_of(switcher) != NULL;
}

/* ---- injection ---- */

/* put_count's instructions have no form for rsp and r12 */
int probe_number(const char *name) {
    static const char *const numbered[] = {"rax", "rcx", "rdx", "rbx", NULL,  "rbp", "rsi", "rdi",
                                           "r8",  "r9",  "r10", "r11", NULL, "r13", "r14", "r15"};
    for (int i = 0; i < 16; i++)
        if (numbered[i] && strcmp(numbered[i], name) == 0) return i;
    return -1;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t n) {
    memcpy(at, bytes, n);
    return at + n;
}

/* an instruction that ends in a distance from its own end */
static uint8_t *put_relative(uint8_t *at, const void *opcode, size_t n, const void *target) {
    int32_t distance = (int32_t)((const uint8_t *)target - (at + n + 4));
    return put(put(at, opcode, n), &distance, 4);
}

#define PUT(at, ...) put(at, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define PUT_TO(at, target, ...)                                                                    \
    put_relative(at, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), target)

enum { SLOT = 5, JMP = 0xe9, CALL = 0xe8, REX_W = 0x48, REX_R = 4, REX_B = 1 };

/* mov events(%rip), R; lea 1(R), R; mov R, events(%rip): no flag is touched */
static uint8_t *put_count(uint8_t *at, unsigned r) {
    const uint8_t high = r >= 8, low = r & 7;
    at = PUT_TO(at, &probe_events, (uint8_t)(REX_W | high * REX_R), 0x8b, (uint8_t)(low << 3 | 5));
    at = PUT(at, (uint8_t)(REX_W | high * (REX_R | REX_B)), 0x8d, (uint8_t)(0x40 | low << 3 | low),
             1);
    return PUT_TO(at, &probe_events, (uint8_t)(REX_W | high * REX_R), 0x89,
                  (uint8_t)(low << 3 | 5));
}

/* lea -128(%rsp), %rsp; call; lea 128(%rsp), %rsp */
static uint8_t *put_call(uint8_t *at, const uint8_t *code) {
    at = PUT(at, REX_W, 0x8d, 0x64, 0x24, 0x80);
    at = PUT_TO(at, code, CALL);
    return PUT(at, REX_W, 0x8d, 0xa4, 0x24, 0x80, 0, 0, 0);
}

static int protect(const struct probe_pip *pip, int protection) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)pip->slot & -page;
    return mprotect((void *)begin, (uintptr_t)pip->end - begin, protection);
}

/* one store of 8 aligned bytes: whoever runs there finds the old instruction or the new one */
static void change_slot(uint8_t *slot, const uint8_t instruction[SLOT]) {
    uint64_t *aligned = (uint64_t *)((uintptr_t)slot & ~(uintptr_t)7), now = *aligned;
    memcpy((uint8_t *)&now + ((uintptr_t)slot & 7), instruction, SLOT);
    __atomic_store_n(aligned, now, __ATOMIC_SEQ_CST);
}

static const char refused[] =
    "the kernel does not let code pages be written (mprotect): no code can be injected here";

/* never writable and executable at once: the caller's own code is on other pages */
const char *probe_inject(const struct probe_pip *pip, const struct switcher *switcher) {
    const struct stub *stub = stub_of(switcher);
    uint8_t jump[SLOT], *at = pip->room;
    int32_t distance = (int32_t)(pip->room - (pip->slot + SLOT));
    if (!stub) return "there is no probe for this switcher";
    if (!stub->code && pip->free < 0) return "no register is known to be free at the PIP";
    if (((uintptr_t)pip->slot & 7) + SLOT > 8)
        return "the slot is not within 8 aligned bytes: it can't be changed by one store";
    if (protect(pip, PROT_READ | PROT_WRITE)) return refused;
    at = stub->code ? put_call(at, stub->code) : put_count(at, (unsigned)pip->free);
    PUT_TO(at, pip->slot + SLOT, JMP);
    memcpy(put(jump, &(const uint8_t){JMP}, 1), &distance, 4);
    change_slot(pip->slot, jump);
    return protect(pip, PROT_READ | PROT_EXEC) ? refused : NULL;
}

const char *probe_remove(const struct probe_pip *pip) {
    static const uint8_t nop[SLOT] = {0x0f, 0x1f, 0x44, 0, 0};
    if (protect(pip, PROT_READ | PROT_WRITE)) return refused;
    change_slot(pip->slot, nop);
    return protect(pip, PROT_READ | PROT_EXEC) ? refused : NULL;
}
