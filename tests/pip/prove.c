/* prove.c: PIPs of compiled programs, tried: at each, all registers called inconsequential are
 * overwritten with garbage, and the program must print what it prints undisturbed. --oracle: each
 * register alone, to see which ones do not matter.
 *
 * prove [--oracle] [--pips N] [--functions GLOB] [--seed N] PROGRAM... */
#include "pip/pip.h"
#include "tests/pip/tracee.h"

#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { ROWS_MAX = 160, MILLISECONDS = 500, PATIENT = 10000 };

static struct {
    bool oracle, exact;
    long pips;
    const char *functions;
    uint64_t seed;
} options = {.pips = 40, .functions = "t_*", .seed = 1};

static struct {
    long tried, wrong, dead_by_oracle, found, wide_dead, wide_found, live_unseen;
} total;

struct program {
    const char *path;
    struct pip pip;
    struct outcome undisturbed;
    const struct pip_register *reg;
    size_t registers;
};

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "prove: %s: %s\n", what, why);
    exit(2);
}

/* whether the program does the same with these registers overwritten; *hit: whether it came there
 */
static bool same(const struct program *p, uint64_t address, const bool *corrupt, uint64_t seed,
                 bool *hit) {
    struct outcome o;
    bool equal = false;
    for (int wait = MILLISECONDS; wait <= PATIENT && !equal;
         wait *= PATIENT / MILLISECONDS) { /* a busy machine is no failure */
        const char *why =
            tracee_run(p->path, p->pip.image->entry, address, corrupt, seed, wait, &o);
        if (why) fail(p->path, why);
        equal = outcome_equal(&o, &p->undisturbed);
        *hit = o.hits;
        bool late = WIFSIGNALED(o.status) && WTERMSIG(o.status) == SIGALRM;
        outcome_free(&o);
        if (!late || options.oracle) break;
    }
    return equal;
}

static void say_wrong(const struct program *p, const struct pip_flow *flow, int at,
                      const bool *corrupt) {
    char name[128], text[96];
    bool hit;
    pip_name(&p->pip, flow->insn[at].address, name, sizeof name);
    p->pip.arch->text(p->pip.image, flow->insn[at].address, text, sizeof text);
    printf("WRONG %s %s (%#lx): %s:", p->path, name, (unsigned long)flow->insn[at].address, text);
    for (size_t i = 0; i < p->registers; i++) {
        bool one[ROWS_MAX] = {0};
        one[i] = corrupt[i];
        if (one[i] && !same(p, flow->insn[at].address, one, options.seed, &hit))
            printf(" %s", p->reg[i].name);
    }
    printf("\n");
}

static bool counted(const struct pip_register *reg) {
    return strcmp(reg->class, "gpr") == 0 || strcmp(reg->class, "flags") == 0 ||
           strcmp(reg->class, "xmm") == 0;
}

static void ask_oracle(const struct program *p, const struct pip_flow *flow, int at,
                       const bool *corrupt) {
    char unseen[1024] = "";
    for (size_t i = 0; i < p->registers; i++) {
        bool one[ROWS_MAX] = {0}, hit, matters = false;
        if (p->reg[i].fixed || !counted(&p->reg[i])) continue;
        one[i] = true;
        if (!corrupt[i])
            for (int garbage = 0; garbage < 2 && !matters; garbage++)
                matters = !same(p, flow->insn[at].address, one,
                                options.seed + 77 * (uint64_t)garbage, &hit);
        if (matters) continue;
        total.dead_by_oracle++;
        total.found += corrupt[i];
        if (!corrupt[i])
            snprintf(unseen + strlen(unseen), sizeof unseen - strlen(unseen), " %s",
                     p->reg[i].name);
    }
    if (!*unseen) return;
    total.live_unseen++;
    char name[128];
    pip_name(&p->pip, flow->insn[at].address, name, sizeof name);
    if (getenv("VERBOSE") || options.exact)
        printf("called live, changes nothing: %s %s:%s\n", p->path, name, unseen);
}

static void try_pip(const struct program *p, const struct pip_flow *flow, int at) {
    bool corrupt[ROWS_MAX] = {0}, hit;
    for (size_t i = 0; i < p->registers; i++)
        corrupt[i] = !pip_live(flow, at, &p->reg[i]);
    bool equal = same(p, flow->insn[at].address, corrupt, options.seed + (uint64_t)at, &hit);
    if (!hit) return;
    total.tried++;
    total.wrong += !equal;
    if (!equal) say_wrong(p, flow, at, corrupt);
    if (options.oracle && equal) ask_oracle(p, flow, at, corrupt);
}

static void try_function(const struct program *p, const struct pip_function *f, long pips) {
    char message[PIP_MESSAGE];
    struct pip_place place = {
        .address = f->start, .entry = f->start, .end = f->end, .function = f->name};
    int at;
    struct pip_flow *flow = pip_analyse(&p->pip, &place, &at, message);
    if (!flow) fail(p->path, message);
    int inside = 0;
    for (int i = 0; i < flow->count; i++)
        inside += flow->insn[i].address >= f->start && flow->insn[i].address < f->end;
    double step = pips && inside > pips ? (double)inside / (double)pips : 1, next = 0;
    for (int i = 0, n = 0; i < flow->count; i++) {
        if (flow->insn[i].address < f->start || flow->insn[i].address >= f->end) continue;
        if (n++ < next) continue;
        next += step;
        try_pip(p, flow, i);
    }
    pip_flow_free(flow);
}

static void try_program(const char *path) {
    char message[PIP_MESSAGE];
    struct program p = {.path = path};
    if (!pip_open(&p.pip, path, message)) fail(path, message);
    p.reg = p.pip.arch->registers(&p.registers);
    const char *why = tracee_run(path, p.pip.image->entry, 0, NULL, 0, PATIENT, &p.undisturbed);
    if (why) fail(path, why);
    if (!WIFEXITED(p.undisturbed.status) || WEXITSTATUS(p.undisturbed.status) == 127)
        fail(path, "does not run undisturbed");
    long functions = 0;
    for (size_t i = 0; i < p.pip.image->functions; i++)
        functions += fnmatch(options.functions, p.pip.image->function[i].name, 0) == 0;
    for (size_t i = 0; i < p.pip.image->functions; i++)
        if (fnmatch(options.functions, p.pip.image->function[i].name, 0) == 0)
            try_function(&p, &p.pip.image->function[i],
                         options.pips ? options.pips / functions + 1 : 0);
    outcome_free(&p.undisturbed);
    pip_close(&p.pip);
}

int main(int argc, char **argv) {
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--oracle") == 0)
            options.oracle = true;
        else if (strcmp(argv[i], "--exact") == 0)
            options.exact = options.oracle = true;
        else if (strcmp(argv[i], "--pips") == 0 && i + 1 < argc)
            options.pips = atol(argv[++i]);
        else if (strcmp(argv[i], "--functions") == 0 && i + 1 < argc)
            options.functions = argv[++i];
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            options.seed = strtoull(argv[++i], NULL, 0);
        else
            fail(argv[i], "unknown option");
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (; i < argc; i++)
        try_program(argv[i]);
    printf("%ld PIPs tried, %ld wrong\n", total.tried, total.wrong);
    if (options.oracle && total.dead_by_oracle)
        printf("%ld of %ld registers that do not matter are found: %.1f%%\n", total.found,
               total.dead_by_oracle, 100.0 * (double)total.found / (double)total.dead_by_oracle);
    if (options.exact)
        printf("PIPs with a register called live that changes nothing: %ld\n", total.live_unseen);
    return total.wrong || !total.tried || (options.exact && total.live_unseen);
}
