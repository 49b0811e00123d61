// The IA-64 instruction set as data: what a decoded instruction is, what a row of isa.def says
// about its form, and the three readers of the rows: decoder, disassembler and the list of effects
// (which registers and resources an instruction reads and writes) that the dependency checker and
// the timing model use. Chapter numbers are those of the Intel Itanium Architecture Software
// Developer's Manual, volume 3.
#ifndef IA64_ISA_H
#define IA64_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// One op per row of isa.def, named by mnemonic and format: `cmp.lt.unc` of format A6 is
// IA64_OP_CMP_LT_UNC_A6. Completers that change what an instruction does are part of the op;
// status field and hints are fields of the instruction.
enum ia64_op {
    IA64_OP_ILLEGAL, // reserved encoding
#define ROW(op, format, ...) IA64_OP_##op##_##format,
#include "isa.def"
#undef ROW
    IA64_OPS
};

// Kind of slot that an instruction stands in; A-type instructions take that of their slot.
enum ia64_unit { IA64_UNIT_M, IA64_UNIT_I, IA64_UNIT_F, IA64_UNIT_B, IA64_UNIT_X };

// A decoded slot. Register operands are stored by the place of their field in the encoding; the
// names in a union are the manual's names for the same place.
struct ia64_insn {
    uint16_t op;  // enum ia64_op
    uint8_t unit; // enum ia64_unit
    uint8_t qp;
    union {
        uint8_t r1, f1, b1, p1;
    };
    union {
        uint8_t r2, f2, b2;
    };
    union {
        uint8_t r3, f3, ar3, cr3;
    };
    union {
        uint8_t f4, p2;
    };
    union {
        uint8_t pos; // bit position, shift count; alloc: size of the rotating part in registers
        uint8_t sor;
    };
    union {
        uint8_t
            len; // bit length; alloc: size of inputs and locals; fsetc: omask; lfetch.count: count
        uint8_t sol;
    };
    uint8_t sof; // alloc: size of frame
    union {
        uint8_t hint; // raw hint bits; without effect on the result
        uint8_t sf;   // status field of a floating-point instruction
    };
    uint8_t stop; // a stop follows this slot
    uint8_t slot; // 0..2; the long instruction of MLX has 1
    int16_t tag;  // mov to branch register, brp: displacement of the tag in bytes
    // The immediate, sign-extended and scaled as the instruction uses it. Branch targets, chk
    // targets: the displacement in bytes from the bundle's address. Post-increment forms: the
    // increment.
    int64_t imm;
};

// Decodes a bundle, words in memory order (little endian). Returns the number of slots written to
// out: 3, or 2 for MLX (the long instruction is out[1]), or 0 when the template is reserved. A
// reserved encoding becomes IA64_OP_ILLEGAL with its qp.
int ia64_decode_bundle(const uint64_t words[2], struct ia64_insn out[3]);

// The same for one slot by itself; slot41 holds the 41 bits, long41 those of the L slot (0 unless
// unit is X).
void ia64_decode_slot(enum ia64_unit unit, uint64_t slot41, uint64_t long41, struct ia64_insn *out);

// Text of an instruction as `objdump -d` prints a slot: "(p06) ld8.sa.nt1 r14=[r15],8;;". ip is the
// bundle's address. Returns the length without the final zero; the text is cut when it does not fit
// in n bytes.
size_t ia64_disasm(const struct ia64_insn *insn, uint64_t ip, char *buf, size_t n);

// Register files and other resources that instructions depend on (chapter 5).
enum ia64_file {
    IA64_FILE_GR,
    IA64_FILE_FR,
    IA64_FILE_PR,
    IA64_FILE_BR,
    IA64_FILE_AR,
    IA64_FILE_CR,
    IA64_FILE_PSR,      // index is the bit's number
    IA64_FILE_RESOURCE, // index is an enum ia64_resource
    IA64_FILES
};

// What is neither a numbered register nor a bit of the psr. Indexed files (RR, PKR, ...) are
// addressed by a general register, so that only the whole file is known from the instruction.
enum ia64_resource {
    IA64_RES_CFM,          // current frame marker
    IA64_RES_RSE,          // the register stack engine as a whole
    IA64_RES_UNAT_BIT,     // the bit of ar.unat that the address of a spill or fill selects
    IA64_RES_SF0_CONTROLS, // parts of ar.fpsr; those of status field n follow in order
    IA64_RES_SF1_CONTROLS,
    IA64_RES_SF2_CONTROLS,
    IA64_RES_SF3_CONTROLS,
    IA64_RES_SF0_FLAGS,
    IA64_RES_SF1_FLAGS,
    IA64_RES_SF2_FLAGS,
    IA64_RES_SF3_FLAGS,
    IA64_RES_FPSR_TRAPS,
    IA64_RES_ALAT,
    IA64_RES_MEMORY,
    IA64_RES_RR,
    IA64_RES_PKR,
    IA64_RES_IBR,
    IA64_RES_DBR,
    IA64_RES_PMC,
    IA64_RES_PMD,
    IA64_RES_CPUID,
    IA64_RES_MSR,
    IA64_RES_DAHR, // data access hint registers
    IA64_RES_ITC,  // instruction translation cache
    IA64_RES_DTC,
    IA64_RES_ITR,
    IA64_RES_DTR,
    IA64_RES_INSERVICE, // external interrupts in service (ivr, eoi)
    IA64_RESOURCES
};

enum ia64_access { IA64_READ = 1, IA64_WRITE = 2 };

struct ia64_effect {
    uint8_t file;   // enum ia64_file
    uint8_t access; // IA64_READ or IA64_WRITE
    uint16_t index; // register number as encoded (before renaming), psr bit or resource
};

enum { IA64_EFFECTS_MAX = 96 };

// Lists what an instruction reads and writes when its qualifying predicate is true, the predicate
// itself included. r0, f0, f1 and p0 are listed as reads, never as writes. Returns the number of
// effects.
size_t ia64_effects(const struct ia64_insn *insn, struct ia64_effect out[IA64_EFFECTS_MAX]);

// How an instruction meets the pipeline: groups of instructions with equal units and latencies,
// after Intel's and gcc's published machine descriptions.
// clang-format off
#define IA64_CLASSES(X) \
    X(ialu) X(ilog) X(ishf) X(icmp) X(tbit) X(xtd) X(movl) X(mmalu) X(mmshf) X(mmmul) \
    X(ld) X(ldc) X(ldfill) X(fld) X(fldp) X(fldc) X(st) X(stspill) X(stf) X(sem) X(lfetch) \
    X(chka) X(chks) X(alloc) X(rse) X(frar) X(toar) X(frcr) X(tocr) X(frbr) X(tobr) X(frpr) X(topr) \
    X(frip) X(frfr) X(tofr) X(frpsr) X(topsr) X(sysmask) X(frix) X(toix) X(probe) X(tlb) X(cache) X(fence) \
    X(srlzd) X(srlzi) X(invala) X(fma) X(xma) X(fcmp) X(fmisc) X(fcvt) X(fstatus) \
    X(br) X(brcall) X(brret) X(brloop) X(brp) X(cover) X(clrrrb) X(bsw) X(epc) X(rfi) X(vmsw) X(brk) X(nop) X(illegal)
// clang-format on
enum ia64_class {
#define CLASS(name) IA64_CLASS_##name,
    IA64_CLASSES(CLASS)
#undef CLASS
};

const char *ia64_class_name(enum ia64_class class);

// Facts of a row that do not depend on operands.
enum ia64_row_flag {
    IA64_FIRST = 1 << 0,      // must be the first in its group (alloc, flushrs, loadrs)
    IA64_LAST = 1 << 1,       // must be the last in its group (bsw, cover, rfi, ...)
    IA64_PRIV = 1 << 2,       // privileged operation fault when cpl is not 0
    IA64_LOAD = 1 << 3,       // reads memory
    IA64_STORE = 1 << 4,      // writes memory
    IA64_SPEC = 1 << 5,       // speculative load (.s, .sa)
    IA64_ADV = 1 << 6,        // advanced load (.a, .sa)
    IA64_CHECK = 1 << 7,      // check load (.c)
    IA64_UPDATE = 1 << 8,     // writes its base register
    IA64_NOQP = 1 << 9,       // cannot be predicated: qp must be 0 (brp has no qp)
    IA64_CONDWRITE = 1 << 10, // writes predicates only if the comparison says so (and, or types)
    IA64_UNC = 1 << 11,       // writes predicates even when qp is false
    IA64_BRANCH = 1 << 12,    // may change ip
};

const char *ia64_op_name(enum ia64_op op);   // mnemonic without hints
const char *ia64_op_format(enum ia64_op op); // "A1"; "-" for IA64_OP_ILLEGAL
enum ia64_class ia64_op_class(enum ia64_op op);
unsigned ia64_op_flags(enum ia64_op op); // enum ia64_row_flag
// Operands of the form, with the manual's names: "r1=[r3],imm9". Returns the length.
size_t ia64_op_operands(enum ia64_op op, char *buf, size_t n);

// Prints a Markdown table of all forms: docs/ia64-instructions.md.
void ia64_list_instructions(FILE *out);

#endif
