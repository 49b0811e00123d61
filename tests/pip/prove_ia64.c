/* prove_ia64.c: the proof of prove.c in the simulator: at each bundle that an IA-64 program
 * executes, everything that is called inconsequential before its first instruction is overwritten
 * with garbage, each of the first times that it comes there; what the program prints and its exit
 * status must stay the same.
 *
 * prove_ia64 [--pips N] PROGRAM.elf... */
#include "pip/pip.h"

#include "ia64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HITS = 10, PLACES = 20000 };
#define LIMIT UINT64_C(3000000)

struct outcome {
    char *text;
    size_t size;
    int status;
    enum ia64_stop stop;
    unsigned hits;
};

static uint64_t seed = 1;
static uint64_t garbage(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static void overwrite(struct ia64 *m, const struct pip_register *reg) {
    unsigned n = (unsigned)atoi(reg->name + strcspn(reg->name, "0123456789"));
    if (strcmp(reg->class, "gr") == 0) ia64_set_gr(m, n, (struct ia64_gr){garbage(), false});
    if (strncmp(reg->class, "fr", 2) == 0)
        ia64_set_fr(m, n,
                    (struct ia64_fr){garbage() | UINT64_C(1) << 63,
                                     0xff00 + (uint32_t)(garbage() & 0xff), garbage() & 1});
    if (strcmp(reg->class, "br") == 0 || strcmp(reg->class, "link") == 0)
        ia64_set_br(m, n, garbage());
    if (strcmp(reg->class, "pr") == 0) ia64_set_pr(m, garbage() | 1);
    if (strcmp(reg->name, "ar.ccv") == 0) ia64_set_ar(m, 32, garbage());
    if (strcmp(reg->name, "ar.lc") == 0) ia64_set_ar(m, 65, garbage());
}

static struct outcome run(const char *program, uint64_t address, const struct pip_flow *flow,
                          int at) {
    struct outcome o = {.stop = IA64_STOP_ADDRESS};
    FILE *console = open_memstream(&o.text, &o.size);
    struct ia64 *m =
        ia64_new(&(struct ia64_config){.console_out = console, .memory_limit = 64 << 20});
    if (!m || ia64_load_elf(m, program) != 0) {
        fprintf(stderr, "prove_ia64: %s: %s\n", program, m ? ia64_message(m) : "no memory");
        exit(2);
    }
    size_t count = 0;
    const struct pip_register *reg = flow ? flow->arch->registers(&count) : NULL;

    while (flow && o.hits < HITS &&
           (o.stop = ia64_run_until(m, address, LIMIT)) == IA64_STOP_ADDRESS) {
        o.hits++;
        for (size_t i = 0; i < count; i++)
            if (!pip_live(flow, at, &reg[i])) overwrite(m, &reg[i]);
    }
    if (o.stop == IA64_STOP_ADDRESS) o.stop = ia64_run(m, LIMIT);
    o.status = ia64_exit_status(m);
    ia64_free(m);
    fclose(console);
    return o;
}

/* the bundles that are executed */
static size_t executed(const char *program, uint64_t places[PLACES]) {
    size_t n = 0;
    struct ia64 *m = ia64_new(NULL);
    if (!m || ia64_load_elf(m, program) != 0) return 0;
    for (uint64_t count = 1; count < 200000 && n < PLACES; count++) {
        uint64_t ip = ia64_ip(m);
        bool seen = ia64_slot(m) != 0;
        for (size_t i = 0; i < n && !seen; i++)
            seen = places[i] == ip;
        if (!seen) places[n++] = ip;
        if (ia64_run(m, count) != IA64_STOP_LIMIT) break;
    }
    ia64_free(m);
    return n;
}

static long tried, wrong, found;

static void try_pip(const struct pip *pip, const char *program, uint64_t address,
                    const struct outcome *undisturbed) {
    char place[32], message[PIP_MESSAGE];
    snprintf(place, sizeof place, "%#lx", (unsigned long)address);
    char *places[] = {place};
    struct pip_points points;
    if (pip_points_find(pip, places, 1, &points, message)) {
        const struct pip_point *p = &points.point[0];
        size_t count;
        pip->arch->registers(&count);
        struct outcome o = run(program, address, p->flow, p->at);
        bool same = o.stop == undisturbed->stop && o.status == undisturbed->status &&
                    o.size == undisturbed->size && memcmp(o.text, undisturbed->text, o.size) == 0;
        tried += o.hits > 0;
        found += (long)(o.hits ? count - pip_live_count(p->flow, p->at) : 0);
        wrong += !same;
        if (!same) printf("WRONG %s %s\n", program, place);
        free(o.text);
    }
    pip_points_free(&points);
}

int main(int argc, char **argv) {
    static uint64_t places[PLACES];
    size_t pips = 1000;
    int i = 1;
    if (argc > 2 && strcmp(argv[1], "--pips") == 0) {
        pips = (size_t)atol(argv[2]);
        i = 3;
    }
    for (; i < argc; i++) {
        struct pip pip;
        char message[PIP_MESSAGE];
        if (!pip_open(&pip, argv[i], message)) {
            fprintf(stderr, "prove_ia64: %s\n", message);
            return 2;
        }
        struct outcome undisturbed = run(argv[i], 0, NULL, 0);
        size_t n = executed(argv[i], places), step = n / pips + 1;
        for (size_t k = 0; k < n; k += step)
            try_pip(&pip, argv[i], places[k], &undisturbed);
        free(undisturbed.text);
        pip_close(&pip);
    }
    printf(
        "%ld PIPs tried in the simulator, %ld wrong, %.1f inconsequential registers on average\n",
        tried, wrong, tried ? (double)found / (double)tried : 0.0);
    return wrong || !tried;
}
