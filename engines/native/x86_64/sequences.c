/* x86_64/sequences.c: sequences whose cost others have published (docs/accuracy.tsv), and which
 * core this CPU has.
 *
 * Chosen are those that have one value: not a range, not one that operands, alignment or neighbours
 * change. Integer stores that are loaded again are left out, because Zen 2, 4 and 5, Ice Lake and
 * Golden Cove rename memory and some do it only now and then; the forwarding of an MMX store is not
 * renamed. Divisions and roots have fixed operands: 1/1, x/1.0 and sqrt(1.0). */
#include "engines/native/accuracy.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>

/* what the sequences may use: rax, rbx, rcx, rdx, r8 to r15, xmm0 to xmm15, mm0, and 64 bytes of
 * memory at rdi */
static uint64_t area[8] __attribute__((aligned(64)));

#define TEN(x)   x x x x x x x x x x
#define FOUR(x)  x x x x
#define EIGHT(x) x x x x x x x x

/* `set_up`, then the body, counted by rsi, then `tear_down`; the loop's own dec and jnz are 1/400
 * or less of what the core does */
#define DEFINE_RUN(name, steps_in_body, set_up, body, tear_down)                                   \
    static void run_##name(uint64_t steps) {                                                       \
        uint64_t loops = (steps + (steps_in_body)-1) / (steps_in_body);                            \
        __asm__ volatile(set_up "\n.balign 64\n1:\n\t" body "dec %%rsi\n\tjnz 1b\n\t" tear_down    \
                         : "+S"(loops)                                                             \
                         : "D"(area)                                                               \
                         : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13",     \
                           "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",   \
                           "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",    \
                           "xmm15", "mm0", "cc", "memory");                                        \
    }

#define INTEGERS "mov $1, %%eax\n\tmov $1, %%ecx\n\txor %%edx, %%edx\n\t"
/* xmm0 to xmm12 hold 1.0 */
#define ONE_TO(r) "movaps %%xmm15, %%xmm" #r "\n\t"
#define DOUBLES                                                                                    \
    "mov $0x3ff0000000000000, %%rax\n\tmovq %%rax, %%xmm15\n\t" ONE_TO(0) ONE_TO(1) ONE_TO(2)      \
        ONE_TO(3) ONE_TO(4) ONE_TO(5) ONE_TO(6) ONE_TO(7) ONE_TO(8) ONE_TO(9) ONE_TO(10)           \
            ONE_TO(11) ONE_TO(12)

/* a chain of 400 */
#define CHAIN(name, set_up, step) DEFINE_RUN(name, 400, set_up, FOUR(TEN(TEN(step "\n\t"))), "")

CHAIN(add, INTEGERS, "add %%rcx, %%rax")
CHAIN(adc, INTEGERS, "adc %%rcx, %%rax")
CHAIN(imul, INTEGERS, "imul %%rcx, %%rax")
CHAIN(lea, INTEGERS, "lea (%%rax,%%rcx), %%rax")
CHAIN(shl, INTEGERS, "shl $3, %%rax")
CHAIN(rol, INTEGERS, "rol $3, %%rax")
CHAIN(bswap, INTEGERS, "bswap %%rax")
CHAIN(popcnt, INTEGERS, "popcnt %%rax, %%rax")
CHAIN(lzcnt, INTEGERS, "lzcnt %%rax, %%rax")
CHAIN(tzcnt, INTEGERS, "tzcnt %%rax, %%rax")
CHAIN(cmov, INTEGERS "test %%rcx, %%rcx\n\t", "cmovnz %%rcx, %%rax")
CHAIN(crc32, INTEGERS, "crc32l %%ecx, %%eax")
CHAIN(pdep, INTEGERS, "pdep %%rcx, %%rax, %%rax")
CHAIN(div, INTEGERS, "div %%rcx")
CHAIN(load, "mov %%rdi, (%%rdi)\n\tmov %%rdi, %%rax\n\t", "mov (%%rax), %%rax")
DEFINE_RUN(forward, 400, "mov %%rdi, (%%rdi)\n\t",
           FOUR(TEN(TEN("movq (%%rdi), %%mm0\n\tmovq %%mm0, (%%rdi)\n\t"))), "emms\n\t")
CHAIN(addsd, DOUBLES "xorps %%xmm1, %%xmm1\n\t", "addsd %%xmm1, %%xmm0")
CHAIN(mulsd, DOUBLES, "mulsd %%xmm1, %%xmm0")
DEFINE_RUN(fma, 400, DOUBLES "vxorps %%xmm1, %%xmm1, %%xmm1\n\t",
           FOUR(TEN(TEN("vfmadd231sd %%xmm1, %%xmm2, %%xmm0\n\t"))), "vzeroupper\n\t")
CHAIN(divsd, DOUBLES, "divsd %%xmm1, %%xmm0")
CHAIN(sqrtsd, DOUBLES, "sqrtsd %%xmm0, %%xmm0")
CHAIN(minsd, DOUBLES, "minsd %%xmm1, %%xmm0")
CHAIN(cvtsd2ss, DOUBLES, "cvtsd2ss %%xmm0, %%xmm0")
CHAIN(paddd, DOUBLES, "paddd %%xmm1, %%xmm0")
CHAIN(pshufd, DOUBLES, "pshufd $0x1b, %%xmm0, %%xmm0")
CHAIN(pshufb, DOUBLES, "pshufb %%xmm1, %%xmm0")
CHAIN(pmuludq, DOUBLES, "pmuludq %%xmm1, %%xmm0")
CHAIN(aesenc, DOUBLES, "aesenc %%xmm1, %%xmm0")

/* Independent ones: at least as many destinations as latency times width asks for: 3 cycles and 3
 * units are 9 (imul on Zen 5), and some to spare, for a scheduler is not perfect */
#define TO_64(op, source)                                                                          \
    op " " source ", %%rax\n\t" op " " source ", %%rcx\n\t" op " " source ", %%rdx\n\t" op         \
       " " source ", %%rbx\n\t" op " " source ", %%r8\n\t" op " " source ", %%r9\n\t" op           \
       " " source ", %%r10\n\t" op " " source ", %%r11\n\t" op " " source ", %%r12\n\t" op         \
       " " source ", %%r13\n\t" op " " source ", %%r14\n\t" op " " source ", %%r15\n\t"
#define TO_32(op, source)                                                                          \
    op " " source ", %%eax\n\t" op " " source ", %%ecx\n\t" op " " source ", %%edx\n\t" op         \
       " " source ", %%ebx\n\t" op " " source ", %%r8d\n\t" op " " source ", %%r9d\n\t" op         \
       " " source ", %%r10d\n\t" op " " source ", %%r11d\n\t" op " " source ", %%r12d\n\t" op      \
       " " source ", %%r13d\n\t" op " " source ", %%r14d\n\t" op " " source ", %%r15d\n\t"
#define TO_XMM(op, source)                                                                         \
    op " " source ", %%xmm0\n\t" op " " source ", %%xmm1\n\t" op " " source ", %%xmm2\n\t" op      \
       " " source ", %%xmm3\n\t" op " " source ", %%xmm4\n\t" op " " source ", %%xmm5\n\t" op      \
       " " source ", %%xmm6\n\t" op " " source ", %%xmm7\n\t" op " " source ", %%xmm8\n\t" op      \
       " " source ", %%xmm9\n\t" op " " source ", %%xmm10\n\t" op " " source ", %%xmm11\n\t"
#define INTEGER_WIDE(name, op, source)                                                             \
    DEFINE_RUN(name, 480, INTEGERS, TEN(FOUR(TO_64(op, source))), "")
#define DOUBLE_WIDE(name, op, source)                                                              \
    DEFINE_RUN(name, 480, DOUBLES, TEN(FOUR(TO_XMM(op, source))), "")

INTEGER_WIDE(add_wide, "add", "%%rdi")
INTEGER_WIDE(imul_wide, "imul", "%%rdi")
INTEGER_WIDE(load_wide, "mov", "(%%rdi)")
DOUBLE_WIDE(addsd_wide, "addsd", "%%xmm15")
DOUBLE_WIDE(mulsd_wide, "mulsd", "%%xmm15")
DEFINE_RUN(fma_wide, 480, DOUBLES, TEN(FOUR(TO_XMM("vfmadd231sd", "%%xmm15, %%xmm14"))),
           "vzeroupper\n\t")
DEFINE_RUN(store_wide, 400, INTEGERS, FOUR(TEN(TEN("mov %%rax, (%%rdi)\n\t"))), "")
DEFINE_RUN(crc32_wide, 480, INTEGERS, TEN(FOUR(TO_32("crc32l", "%%edi"))), "")

/* ---- what this CPU lacks ---- */

#define LACKS(name, feature, what)                                                                 \
    static const char *lacks_##name(void) {                                                        \
        return __builtin_cpu_supports(feature) ? NULL : "this CPU has no " what;                   \
    }
LACKS(popcnt, "popcnt", "popcnt")
LACKS(bmi, "bmi", "tzcnt (BMI1)")
LACKS(bmi2, "bmi2", "pdep (BMI2)")
LACKS(fma, "fma", "FMA3")
LACKS(aes, "aes", "AES")
LACKS(sse42, "sse4.2", "crc32 (SSE4.2)")
LACKS(ssse3, "ssse3", "pshufb (SSSE3)")
static const char *lacks_lzcnt(void) {
    unsigned a, b, c, d;
    return __get_cpuid(0x80000001, &a, &b, &c, &d) && c >> 5 & 1 ? NULL : "this CPU has no lzcnt";
}

const struct sequence sequences_native[] = {
    {"add r64, r64", "latency", 400, run_add, NULL},
    {"adc r64, r64", "latency", 400, run_adc, NULL},
    {"imul r64, r64", "latency", 400, run_imul, NULL},
    {"lea r64, [r64 + r64]", "latency", 400, run_lea, NULL},
    {"shl r64, imm8", "latency", 400, run_shl, NULL},
    {"rol r64, imm8", "latency", 400, run_rol, NULL},
    {"bswap r64", "latency", 400, run_bswap, NULL},
    {"popcnt r64, r64", "latency", 400, run_popcnt, lacks_popcnt},
    {"lzcnt r64, r64", "latency", 400, run_lzcnt, lacks_lzcnt},
    {"tzcnt r64, r64", "latency", 400, run_tzcnt, lacks_bmi},
    {"cmovnz r64, r64", "latency", 400, run_cmov, NULL},
    {"crc32 r32, r32", "latency", 400, run_crc32, lacks_sse42},
    {"pdep r64, r64, r64", "latency", 400, run_pdep, lacks_bmi2},
    {"div r64, 1/1", "latency", 400, run_div, NULL},
    {"mov r64, [r64]", "latency", 400, run_load, NULL},
    {"movq mm, [m64]; movq [m64], mm", "latency", 400, run_forward, NULL},
    {"addsd xmm, xmm", "latency", 400, run_addsd, NULL},
    {"mulsd xmm, xmm", "latency", 400, run_mulsd, NULL},
    {"vfmadd231sd xmm, xmm, xmm", "latency", 400, run_fma, lacks_fma},
    {"divsd xmm, xmm (x/1.0)", "latency", 400, run_divsd, NULL},
    {"sqrtsd xmm, xmm (1.0)", "latency", 400, run_sqrtsd, NULL},
    {"minsd xmm, xmm", "latency", 400, run_minsd, NULL},
    {"cvtsd2ss xmm, xmm", "latency", 400, run_cvtsd2ss, NULL},
    {"paddd xmm, xmm", "latency", 400, run_paddd, NULL},
    {"pshufd xmm, xmm, imm8", "latency", 400, run_pshufd, NULL},
    {"pshufb xmm, xmm", "latency", 400, run_pshufb, lacks_ssse3},
    {"pmuludq xmm, xmm", "latency", 400, run_pmuludq, NULL},
    {"aesenc xmm, xmm", "latency", 400, run_aesenc, lacks_aes},
    {"add r64, r64", "throughput", 480, run_add_wide, NULL},
    {"imul r64, r64", "throughput", 480, run_imul_wide, NULL},
    {"crc32 r32, r32", "throughput", 480, run_crc32_wide, lacks_sse42},
    {"mov r64, [r64]", "throughput", 480, run_load_wide, NULL},
    {"mov [m64], r64", "throughput", 400, run_store_wide, NULL},
    {"addsd xmm, xmm", "throughput", 480, run_addsd_wide, NULL},
    {"mulsd xmm, xmm", "throughput", 480, run_mulsd_wide, NULL},
    {"vfmadd231sd xmm, xmm, xmm", "throughput", 480, run_fma_wide, lacks_fma},
    {.name = NULL},
};

/* ---- which core ---- */

static const struct {
    const char *vendor;
    unsigned family, first, last; /* models */
    const char *core;
} cores[] = {
    {"AuthenticAMD", 0x17, 0x30, 0xff, "zen2"}, /* below: Zen and Zen+ */
    {"AuthenticAMD", 0x19, 0x00, 0x0f, "zen3"},    {"AuthenticAMD", 0x19, 0x10, 0x1f, "zen4"},
    {"AuthenticAMD", 0x19, 0x20, 0x5f, "zen3"},    {"AuthenticAMD", 0x19, 0x60, 0x7f, "zen4"},
    {"AuthenticAMD", 0x19, 0xa0, 0xaf, "zen4"},    {"AuthenticAMD", 0x1a, 0x00, 0xff, "zen5"},
    {"GenuineIntel", 6, 0x4e, 0x4e, "skylake"},    {"GenuineIntel", 6, 0x55, 0x55, "skylake"},
    {"GenuineIntel", 6, 0x5e, 0x5e, "skylake"},    {"GenuineIntel", 6, 0x8e, 0x8e, "skylake"},
    {"GenuineIntel", 6, 0x9e, 0x9e, "skylake"},    {"GenuineIntel", 6, 0xa5, 0xa6, "skylake"},
    {"GenuineIntel", 6, 0x6a, 0x6a, "icelake"},    {"GenuineIntel", 6, 0x6c, 0x6c, "icelake"},
    {"GenuineIntel", 6, 0x7d, 0x7e, "icelake"},    {"GenuineIntel", 6, 0x8c, 0x8d, "icelake"},
    {"GenuineIntel", 6, 0xa7, 0xa7, "icelake"},    {"GenuineIntel", 6, 0x8f, 0x8f, "goldencove"},
    {"GenuineIntel", 6, 0x97, 0x97, "goldencove"}, {"GenuineIntel", 6, 0x9a, 0x9a, "goldencove"},
    {"GenuineIntel", 6, 0xb7, 0xb7, "goldencove"}, {"GenuineIntel", 6, 0xba, 0xba, "goldencove"},
    {"GenuineIntel", 6, 0xbf, 0xbf, "goldencove"}, {"GenuineIntel", 6, 0xcf, 0xcf, "goldencove"},
};

/* CPUID 1A EAX bits 31 to 24: 20 is a small core of a hybrid CPU */
static bool small_core(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(0x1a, 0, &a, &b, &c, &d) && a >> 24 == 0x20;
}

const char *microarchitecture_native(char *said, size_t size) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    char vendor[13] = "";
    __get_cpuid(0, &a, &b, &c, &d);
    memcpy(vendor, &b, 4);
    memcpy(vendor + 4, &d, 4);
    memcpy(vendor + 8, &c, 4);
    __get_cpuid(1, &a, &b, &c, &d);
    unsigned family = a >> 8 & 0xf, model = a >> 4 & 0xf;
    if (family == 0xf) family += a >> 20 & 0xff;
    if (family == 6 || family >= 0xf) model |= a >> 12 & 0xf0;
    snprintf(said, size, "%s family 0x%x model 0x%x%s", vendor, family, model,
             small_core() ? ", a small core" : "");
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (strcmp(cores[i].vendor, vendor) == 0 && cores[i].family == family &&
            model >= cores[i].first && model <= cores[i].last && !small_core())
            return cores[i].core;
    return NULL;
}
