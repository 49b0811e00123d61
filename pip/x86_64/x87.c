/* x87.c: where the x87 stack is empty nothing in it is used. It is empty on entry by the calling
 * convention, and its depth is followed from there; after a call of a function that may return a
 * long double it is not known. */
#include "pip/x86_64/x86_64.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { UNSET = INT_MAX, UNKNOWN = INT_MIN };

/* what an instruction does to the depth; one that is not here leaves it unknown */
static const struct effect {
    x86_insn id;
    int by;
} effects[] = {
#define X87(name, by)                                                                              \
    { X86_INS_##name, by }
    X87(FLD, 1),     X87(FILD, 1),    X87(FLD1, 1),     X87(FLDZ, 1),     X87(FLDPI, 1),
    X87(FLDL2E, 1),  X87(FLDL2T, 1),  X87(FLDLG2, 1),   X87(FLDLN2, 1),   X87(FSTP, -1),
    X87(FISTP, -1),  X87(FISTTP, -1), X87(FADDP, -1),   X87(FSUBP, -1),   X87(FSUBRP, -1),
    X87(FMULP, -1),  X87(FDIVP, -1),  X87(FDIVRP, -1),  X87(FCOMIP, -1),  X87(FUCOMIP, -1),
    X87(FCOMP, -1),  X87(FUCOMP, -1), X87(FCOMPP, -2),  X87(FUCOMPP, -2), X87(FADD, 0),
    X87(FSUB, 0),    X87(FSUBR, 0),   X87(FMUL, 0),     X87(FDIV, 0),     X87(FDIVR, 0),
    X87(FIADD, 0),   X87(FISUB, 0),   X87(FIMUL, 0),    X87(FIDIV, 0),    X87(FXCH, 0),
    X87(FABS, 0),    X87(FCHS, 0),    X87(FSQRT, 0),    X87(FST, 0),      X87(FIST, 0),
    X87(FCOMI, 0),   X87(FUCOMI, 0),  X87(FNSTCW, 0),   X87(FLDCW, 0),    X87(FNSTSW, 0),
    X87(FRNDINT, 0), X87(FXAM, 0),    X87(FCMOVE, 0),   X87(FCMOVNE, 0),  X87(FCMOVB, 0),
    X87(FCMOVBE, 0), X87(FCMOVNB, 0), X87(FCMOVNBE, 0), X87(FCMOVU, 0),   X87(FCMOVNU, 0),
};

static int after(int depth, const struct pip_insn *insn, const struct pip_image *image) {
    struct pip_set x87 = {{0}};
    pip_add_bits(&x87, X87, 1);
    if (depth == UNKNOWN || !pip_meets(&insn->writes, &x87)) return depth;
    const cs_insn *cs = insn->kind == PIP_CALL ? NULL : x86_64_capstone(image, insn->address);
    for (size_t i = 0; cs && i < sizeof effects / sizeof *effects; i++)
        if (effects[i].id == (x86_insn)cs->id)
            return depth + effects[i].by < 0 || depth + effects[i].by > 8 ? UNKNOWN
                                                                          : depth + effects[i].by;
    return UNKNOWN;
}

static void follow(const struct pip_flow *flow, int *before) {
    int *queue = malloc(((size_t)flow->count * 2 + 2) * sizeof *queue), count = 0;
    if (!queue) abort();
    int entry = pip_flow_find(flow, flow->entry);
    before[entry] = 0;
    queue[count++] = entry;
    while (count) {
        int i = queue[--count], depth = after(before[i], &flow->insn[i], flow->image);
        PIP_EACH_SUCCESSOR(flow, i, s) {
            int merged = before[s] == UNSET || before[s] == depth ? depth : UNKNOWN;
            if (merged == before[s]) continue;
            before[s] = merged; /* at most twice */
            queue[count++] = s;
        }
    }
    free(queue);
}

void x86_64_empty_x87(struct pip_flow *flow) {
    struct pip_set x87 = {{0}};
    pip_add_bits(&x87, X87, 1);
    int *before = malloc((size_t)flow->count * sizeof *before);
    if (!before) abort();
    for (int i = 0; i < flow->count; i++)
        before[i] = UNSET;
    follow(flow, before);
    flow->bare = x87;
    for (int i = 0; i < flow->count; i++)
        flow->insn[i].bare = before[i] == 0;
    free(before);
}
