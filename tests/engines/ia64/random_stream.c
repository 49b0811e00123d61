/* Writes random programs for system mode; see random_stream.h. A program is a set of functions that
 * call only earlier ones, so that it ends; each is a list of pieces: single instructions, loops,
 * calls, windows in which PSR.ic is off, data are virtual or code runs at another privilege, timer
 * ticks. */
#include "random_stream.h"

#include <stdlib.h>

#include "random_text.h"

/* --- pieces -------------------------------------------------------------------------------------
 */

static void piece_single(struct stream *s) {
    singles(s, 1 + below(s, 4));
}

/* A branch over a few instructions: direct, indirect, or a check that goes to its recovery code. */
static void piece_skip(struct stream *s) {
    unsigned label = ++s->label, n = 1 + below(s, 4);
    const char *clear = chance(s, 50) ? "nc" : "clr";
    char qp[16];
    qualify(s, qp);
    if (chance(s, 10))
        emit(s, "brp.%s .L%u,.L%u", chance(s, 50) ? "sptk" : "loop.imp", label, label);
    switch (below(s, 9)) {
    case 0:
        emit(s, "%schk.s.%c r%u,.L%u", qp, "mi"[below(s, 2)], gr_source(s), label);
        break;
    case 1:
        emit(s, "%schk.s f%u,.L%u", qp, fr_source(s), label);
        break;
    case 2:
        emit(s, "%schk.a.%s r%u,.L%u", qp, clear, gr_destination(s), label);
        break;
    case 3:
        emit(s, "%schk.a.%s f%u,.L%u", qp, clear, fr_destination(s), label);
        break;
    case 4:
        emit(s, "%sfchkf.s%u .L%u", qp, below(s, 4), label);
        break;
    case 5:
        emit(s, "movl r2=.L%u", label);
        emit(s, "mov b6=r2");
        if (chance(s, 30)) emit(s, "brp.sptk b6,.L%u", label);
        emit(s, "%sbr.cond.sptk b6", qp);
        break;
    case 6:
        emit(s, ".explicit\n\t;;\n\t{ .bbb\n\t(p%u) br.cond.spnt .L%u\n\t(p%u) br.cond.dpnt .L%u",
             predicate(s), label, predicate(s), label);
        emit(s, "nop.b 0\n\t}\n\t;;\n\t.auto");
        break;
    case 7:
        emit(s, "%sbrl.cond.sptk .L%u", qp, label);
        break;
    default:
        emit(s, "%sbr.cond.dptk .L%u", qp, label);
    }
    singles(s, n);
    fprintf(s->to, ".L%u:\n", label);
}

/* A counted loop; ctop and cexit rotate. */
static void piece_loop(struct stream *s) {
    unsigned label = ++s->label, trips = below(s, 7), stages = below(s, 4), kind = below(s, 5);
    if (s->in_loop || s->safe) return;
    uint64_t before = s->cost;
    s->in_loop = true;
    emit(s, "mov ar.lc=%u", trips);
    emit(s, "mov ar.ec=%u", stages);
    if (chance(s, 50)) emit(s, "mov pr.rot=0x%x", 0x10000 << below(s, 4));
    fprintf(s->to, ".L%u:\n", label);
    singles(s, 1 + below(s, 8));
    /* the assembler's automatic mode does not end when a predicated branch comes before one of
     * these */
    emit(s, ".explicit\n\t;;");
    switch (kind) {
    case 0:
        emit(s, "br.cloop.sptk .L%u", label);
        break;
    case 1:
        emit(s, "br.ctop.sptk .L%u", label);
        break;
    case 2:
        emit(s, "(p%u) br.wtop.sptk .L%u", 16 + below(s, 8), label);
        break;
    default:
        if (kind == 3)
            emit(s, "br.cexit.spnt .L%u\n\t;;", ++s->label);
        else
            emit(s, "(p%u) br.wexit.spnt .L%u\n\t;;", 16 + below(s, 8), ++s->label);
        emit(s, "br.cond.sptk .L%u", label);
        fprintf(s->to, ".L%u:\n", s->label);
    }
    emit(s, ";;\n\t.auto");
    if (chance(s, 50)) emit(s, "clrrrb\n\t;;");
    s->in_loop = false;
    s->cost += (s->cost - before) * (trips + stages + (kind == 2 ? 8 : 0));
}

static void piece_call(struct stream *s) {
    unsigned target, tries = 4;
    char qp[16];
    if (!s->made || s->in_loop || s->safe || s->virtual) return;
    do
        target = s->made < 6 || chance(s, 30) ? below(s, s->made) : s->made - 1 - below(s, 6);
    while (s->cost + s->costs[target] > s->budget && --tries);
    if (!tries) return;
    qualify(s, qp);
    if (chance(s, 20)) {
        unsigned b = 1 + below(s, 7);
        emit(s, "movl r3=f_%u", target);
        emit(s, "mov b%u=r3", b);
        emit(s, "%sbr.call.sptk.many b0=b%u\n\t;;", qp, b);
    } else {
        emit(s, "%sbr%s.call.sptk.many b0=f_%u\n\t;;", qp, chance(s, 20) ? "l" : "", target);
    }
    fprintf(s->to, ".L%u:\n", ++s->label); /* the return goes to a bundle of its own */
    s->cost += s->costs[target];
}

/* Another frame over the same locals. */
static void piece_alloc(struct stream *s) {
    if (s->in_loop || s->safe) return;
    emit(s, "clrrrb\n\t;;");
    s->frame.out = below(s, 96 - s->frame.locals + 1);
    if (s->frame.out > 40) s->frame.out %= 40;
    s->frame.rotating = below(s, (s->frame.locals - 2) / 8 + 1) * 8;
    emit(s, "alloc r%u=ar.pfs,0,%u,%u,%u", gr_in_frame(s), s->frame.locals, s->frame.out,
         s->frame.rotating);
}

/* PSR.ic off: the interruption registers belong to the program. */
static void piece_ic_off(struct stream *s) {
    static const struct {
        const char *name;
        uint64_t fields; /* that are not reserved */
    } registers[] = {{"ifa", UINT64_MAX}, {"itir", 12 << 2},   {"iim", UINT64_MAX},
                     {"iha", UINT64_MAX}, {"iip", UINT64_MAX}, {"isr", 0xbff00ffffff},
                     {"ifs", 0}};
    if (s->in_loop || s->safe) return;
    emit(s, "rsm psr.ic | psr.i\n\tsrlz.i\n\t;;");
    s->safe = true;
    for (unsigned n = 1 + below(s, 4); n; n--) {
        unsigned r = 16 + below(s, 16), i = below(s, COUNT(registers));
        emit(s, "movl r%u=0x%llx", r, (unsigned long long)(word(s) & registers[i].fields));
        emit(s, "mov cr.%s=r%u", registers[i].name, r);
        singles(s, below(s, 3));
        emit(s, "mov r%u=cr.%s", gr_destination(s), registers[i].name);
        if (chance(s, 30)) emit(s, "bsw.%u\n\t;;", below(s, 2));
        if (chance(s, 10)) emit(s, "mov r%u=psr", gr_destination(s));
    }
    if (chance(s, 30)) { /* a translation that nothing uses, in region 2 */
        emit(s, "movl r16=0x4000000000000000+%u", below(s, PAGES) * 4096 + below(s, 4096));
        emit(s, "movl r17=data+0x%x", 3 << 9 | 3 << 7 | 0x61);
        emit(s, "mov r18=%u", 12 << 2);
        emit(s, "mov cr.ifa=r16\n\tmov cr.itir=r18\n\t;;\n\titc.%c r17\n\t;;\n\tsrlz.i\n\t;;",
             "id"[below(s, 2)]);
    }
    s->safe = false;
    emit(s, "bsw.1\n\t;;\n\tssm psr.ic | psr.i\n\tsrlz.i\n\t;;");
}

/* Data are virtual: region 1 is mapped by the miss handler to pages with various rights and
 * attributes. */
static void piece_virtual(struct stream *s) {
    static const char *const purges[] = {
        "ptc.l", "ptc.l", "ptc.g",
        "ptr.d", "ptr.i", "invala\n\t;;\n\tptc.ga" /* Ski's leaves the ALAT alone */};
    if (s->in_loop || s->safe || s->virtual) return;
    bool pk = chance(s, 15);
    emit(s, "ssm psr.dt%s\n\tsrlz.i\n\t;;", pk ? " | psr.pk" : "");
    s->virtual = true;
    emit(s, "invala");
    if (pk) { /* region 1 has key 9; key 0 is the identity mapping's and stays */
        emit(s, "movl r2=0x%x", 9 << 8 | below(s, 4) << 1 | 1);
        emit(s, "mov r3=%u\n\t;;\n\tmov pkr[r3]=r2\n\t;;\n\tsrlz.d", 1 + below(s, 15));
    }
    for (unsigned n = 2 + below(s, 10); n; n--) {
        if (chance(s, 50))
            memory(s);
        else
            single(s);
        if (chance(s, 10)) {
            emit(s, "movl r3=0x2000000000000000+%u", below(s, PAGES) * 4096);
            emit(s, "mov r2=%u<<2", 12 + 2 * below(s, 2));
            emit(s, "%s r3,r2", purges[below(s, COUNT(purges))]);
        }
    }
    s->virtual = false;
    emit(s, "rsm psr.dt | psr.pk\n\tsrlz.i\n\t;;");
}

/* Debug registers that watch a part of the data, and the first bundle at a label. */
static void watch(struct stream *s, unsigned label) {
    static const char *const files[] = {"dbr", "ibr"};
    for (unsigned i = 0; i < 2; i++) {
        if (i)
            emit(s, "movl r2=.L%u", label);
        else
            emit(s, "movl r2=data+%u", below(s, DATA_BYTES));
        uint64_t mask = i ? 0xffffffffffffff : ~UINT64_C(0) << (4 + below(s, 8)) & 0xffffffffffffff;
        uint64_t kinds = i ? UINT64_C(1) << 63 : (uint64_t)(1 + below(s, 3)) << 62;
        emit(s, "movl r3=0x%llx",
             (unsigned long long)(kinds | (uint64_t)below(s, 16) << 56 | mask));
        emit(s, "mov r4=%u\n\tmov r5=%u\n\t;;", 2 * below(s, 4), 1);
        emit(s, "add r5=r4,r5\n\t;;\n\tmov %s[r4]=r2\n\tmov %s[r5]=r3\n\t;;", files[i], files[i]);
    }
    emit(s, "srlz.i\n\t;;");
}

/* Another PSR by rfi: privilege level, translation, single step, taken branch traps, bank, disabled
 * FP. */
static void piece_window(struct stream *s) {
    unsigned label = ++s->label;
    uint64_t psr = UINT64_C(1) << 44 | 1 << 14 | 1 << 13, cpl = below(s, 4);
    if (s->in_loop || s->safe || s->virtual) return;
    psr |= cpl << 32;
    if (chance(s, 60))
        psr |= UINT64_C(1) << 36 | UINT64_C(1) << 17 | UINT64_C(1) << 27; /* it, dt, rt */
    if (chance(s, 20)) psr |= UINT64_C(1) << 40;                          /* ss */
    if (chance(s, 20)) psr |= UINT64_C(1) << 26;                          /* tb */
    if (chance(s, 20)) psr |= UINT64_C(1) << (18 + below(s, 2));          /* dfl, dfh */
    if (chance(s, 10)) psr |= UINT64_C(1) << 25;                          /* lp */
    if (chance(s, 10)) psr ^= UINT64_C(1) << 44;                          /* bn */
    if (chance(s, 10)) psr |= UINT64_C(1) << 23;                          /* si */
    if (!(psr >> 17 & 1) &&
        chance(s, 25)) { /* db; Ski overlooks it on pages that it knows already */
        watch(s, label);
        psr |= 1 << 24;
    }
    emit(s, "rsm psr.ic | psr.i\n\tsrlz.i\n\t;;");
    emit(s, "movl r2=0x%llx", (unsigned long long)psr);
    emit(s, "movl r3=.L%u", label);
    emit(s, "mov cr.ipsr=r2");
    emit(s, "mov cr.iip=r3");
    emit(s, "mov cr.ifs=r0");
    emit(s, "rfi\n\t;;");
    fprintf(s->to, ".L%u:\n", label);
    emit(s, "nop.m 0\n\tnop.i 0\n\tnop.i 0"); /* a bundle that may be watched */
    s->virtual = psr >> 17 & 1;
    s->bank0 = !(psr >> 44 & 1);
    s->watched = psr >> 24 & 1;
    if (s->virtual) emit(s, "invala");
    singles(s, 1 + below(s, 8));
    s->virtual = s->bank0 = s->watched = false;
    emit(s, "break.m LEAVE_WINDOW\n\t;;");
}

/* The interval timer fires here: ar.itc := cr.itm. */
static void piece_timer(struct stream *s) {
    unsigned vector = chance(s, 80) ? 0x45 : 16 + below(s, 240);
    if (s->in_loop || s->safe || s->virtual) return;
    bool masked = chance(s, 40);
    if (masked) emit(s, "rsm psr.i");
    emit(s, "mov r2=%u", vector);
    emit(s, "movl r3=0x7000000000000000");
    emit(s, "mov cr.itv=r2");
    emit(s, "mov cr.itm=r3");
    emit(s, "srlz.d\n\t;;");
    emit(s, "mov ar.itc=r3");
    singles(s, below(s, 4));
    if (masked) emit(s, "ssm psr.i\n\t;;\n\tsrlz.d");
}

/* flushrs, new partition sizes, and the registers that show what the stack engine did. */
static void piece_rse(struct stream *s) {
    if (s->in_loop || s->safe) return;
    if (chance(s, 40)) emit(s, ";;\n\tflushrs\n\t;;");
    emit(s, "mov ar.rsc=BE\n\t;;");
    emit(s, "mov r%u=ar.bspstore", gr_destination(s));
    emit(s, "mov r%u=ar.rnat", gr_destination(s));
    emit(s, "mov r%u=ar.bsp", gr_destination(s));
    emit(s, "mov ar.rsc=BE+%u", below(s, 4));
}

/* The lower half of PSR, and the user mask, written as a whole. */
static void piece_psr(struct stream *s) {
    if (s->in_loop || s->safe || s->virtual) return;
    emit(s, "mov r2=0x%x", below(s, 32) << 1 | 1 << 14 | 1 << 13);
    if (chance(s, 50))
        emit(s, "mov psr.l=r2\n\t;;\n\tsrlz.i\n\t;;");
    else
        emit(s, "dep r2=0,r2,13,2\n\t;;\n\tmov psr.um=r2\n\t;;");
}

/* Status fields at random: rounding, precision, widest range, flush to zero; now and then traps
 * enabled. */
static void piece_fpsr(struct stream *s) {
    static const unsigned precision[] = {0, 2, 3};
    uint64_t fpsr = chance(s, 30) ? next(s) & 0x3f : 0x3f;
    if (s->in_loop || s->safe) return;
    for (unsigned sf = 0; sf < 4; sf++) {
        uint64_t field = (sf && chance(s, 60) ? 0x40 : 0) | below(s, 4) << 4 |
                         precision[below(s, 3)] << 2 | (sf && chance(s, 20) ? 2 : 0) |
                         chance(s, 15);
        fpsr |= field << (6 + 13 * sf);
    }
    emit(s, "movl r2=0x%llx", (unsigned long long)fpsr);
    emit(s, "mov ar.fpsr=r2");
}

static const struct {
    void (*write)(struct stream *);
    unsigned weight;
} pieces[] = {
    {piece_single, 60}, {piece_skip, 12},  {piece_loop, 6},    {piece_call, 7},
    {piece_alloc, 4},   {piece_ic_off, 3}, {piece_virtual, 3}, {piece_window, 3},
    {piece_timer, 2},   {piece_rse, 3},    {piece_fpsr, 2},    {piece_psr, 2},
};

static void random_piece(struct stream *s) {
    unsigned total = 0, at = 0;
    for (size_t i = 0; i < COUNT(pieces); i++)
        total += pieces[i].weight;
    for (unsigned n = below(s, total); n >= pieces[at].weight; at++)
        n -= pieces[at].weight;
    pieces[at].write(s);
}

/* --- programs -----------------------------------------------------------------------------------
 */

static void function(struct stream *s) {
    s->cost = 0;
    s->frame.locals = 4 + below(s, chance(s, 70) ? 24 : 84);
    s->frame.out = below(s, 96 - s->frame.locals + 1) % 24;
    s->frame.in = below(s, 9) % (s->frame.locals + 1);
    s->frame.rotating = below(s, (s->frame.locals - 2) / 8 + 1) * 8;
    fprintf(s->to, "f_%u:\n", s->made);
    emit(s, "alloc r%u=ar.pfs,%u,%u,%u,%u", saved_pfs(s), s->frame.in,
         s->frame.locals - s->frame.in, s->frame.out, s->frame.rotating);
    emit(s, "mov r%u=b0", saved_b0(s));
    for (unsigned n = 8 + below(s, 40); n; n--)
        random_piece(s);
    emit(s, "mov b0=r%u", saved_b0(s));
    emit(s, "mov ar.pfs=r%u", saved_pfs(s));
    emit(s, "br.ret.sptk.many b0\n\t;;");
    s->costs[s->made++] = s->cost;
}

static void roots(struct stream *s) {
    uint64_t total = 0;
    fprintf(s->to, "roots:\n\talloc r33=ar.pfs,0,3,0,0\n\tmov r32=b0\n\tptc.e r0\n\tsrlz.d\n");
    for (unsigned i = s->made; i-- && total < s->budget * 4;) {
        fprintf(s->to, "\tbr.call.sptk b0=f_%u\n\t;;\n.L%u:\n", i, ++s->label);
        total += s->costs[i];
    }
    fprintf(s->to,
            "\trum 0x3e\n\tclrrrb\n\t;;\n\tmov b0=r32\n\tmov ar.pfs=r33\n\tbr.ret.sptk b0\n\t;;\n");
}

/* A page table entry for a page of `data`, mostly usable. */
static void translation(struct stream *s) {
    unsigned p = !chance(s, 6), a = !chance(s, 8), d = !chance(s, 8);
    unsigned ar = chance(s, 60) ? 3 : below(s, 8), pl = chance(s, 70) ? 3 : below(s, 4);
    unsigned ma = chance(s, 85) ? 0 : chance(s, 50) ? 4 : 7;
    fprintf(s->to, "\t.quad data+%u+0x%x\n", below(s, DATA_BYTES / 4096) * 4096,
            p | ma << 2 | a << 5 | d << 6 | pl << 7 | ar << 9);
}

/* Initial memory: integers, doubles, singles and register images with every kind of FP value. */
static void data(struct stream *s, unsigned rounds) {
    static const unsigned exponents[] = {0,       1,       0xffff, 0xfffe, 0x10000, 0x1ffff,
                                         0x1fffe, 0x1003e, 0xfc01, 0xff81, 0x0c01};
    fprintf(s->to, "\t.data\n\t.align 4096\ndata:\n");
    for (unsigned i = 0; i < DATA_BYTES / 16; i++) {
        uint64_t exponent =
            chance(s, 40) ? exponents[below(s, COUNT(exponents))] : 0xffff - 40 + below(s, 80);
        if (chance(s, 50))
            fprintf(s->to, "\t.quad 0x%llx,0x%llx\n", (unsigned long long)word(s),
                    (unsigned long long)word(s));
        else
            fprintf(s->to, "\t.quad 0x%llx,0x%llx\n",
                    (unsigned long long)(chance(s, 80) ? word(s) | UINT64_C(1) << 63 : word(s)),
                    (unsigned long long)(exponent | (uint64_t)below(s, 2) << 17));
    }
    fprintf(s->to, "rounds: .quad %u\npages:\n", rounds);
    for (unsigned i = 0; i < PAGES; i++)
        translation(s);
    /* the table of the VHPT walker has entries of its own; bit 1 is reserved, which is a miss */
    fprintf(s->to, "\t.align 4096\nvhpt:\n");
    for (unsigned i = 0; i < PAGES; i++)
        if (chance(s, 20))
            fprintf(s->to, "\t.quad 3\n");
        else
            translation(s);
    fprintf(s->to, "\t.skip 32768-8*%d\n\t.bss\n\t.align 4096\nlog: .skip 64+LOG_SIZE*64\n", PAGES);
    fprintf(s->to,
            "bank: .skip 64\n\t.align 512\nother_store: .skip 8192\nrse_base: .skip 65536\n");
}

void random_stream_write(FILE *to, const struct random_options *options) {
    struct stream *s = calloc(1, sizeof *s);
    if (!s) abort();
    s->to = to;
    s->alat = options->seed & 1;
    s->state = options->seed * 2654435761u + 1;
    s->budget = options->instructions ? options->instructions : 20000;
    unsigned functions = options->functions ? options->functions : 40;
    fprintf(to, "// random program, seed %llu\n", (unsigned long long)options->seed);
    fprintf(to, "\t.set DCR, 0x%x\n\t.set ED, %u\n", chance(s, 50) ? below(s, 128) << 8 : 0,
            chance(s, 50));
    fprintf(to, "\t.set BE, %u\n\t.set WALK, %u\n", chance(s, 30) * 16, chance(s, 50));
    fprintf(to, "\t.include \"random_runtime.inc\"\n");
    while (s->made < functions && s->made < MAX_FUNCTIONS)
        function(s);
    roots(s);
    data(s, options->rounds ? options->rounds : 4);
    free(s);
}
