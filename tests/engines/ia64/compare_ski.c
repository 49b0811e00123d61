/* Runs random programs (random_stream.c) on Ski and on our simulator and compares full states at
 * many points; a difference is bisected down to the instruction that makes it. SKI names the
 * program (default: bski on the PATH); exit status 77 when it is not there. Options: see usage.
 * Programs of odd seeds run with an ALAT on both sides. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ia64.h"
#include "random_stream.h"
#include "ski_state.h"

enum { MAX_STATES = 4096, MAX_INSTRUCTIONS = 20000000, SHOWN = 12, SKI_SECONDS = 120 };

struct run {
    const char *ski;
    const char *include; /* folder of random_runtime.inc and its linker script */
    char folder[64];
    uint64_t stride, flip;
    bool alat; /* advanced loads leave entries, on both sides */
};

/* --- commands -----------------------------------------------------------------------------------
 */

static int command(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int command(const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool build(const struct run *r, uint64_t seed) {
    char path[96];
    snprintf(path, sizeof path, "%s/p.S", r->folder);
    FILE *to = fopen(path, "w");
    if (!to) return false;
    random_stream_write(to, &(struct random_options){.seed = seed});
    fclose(to);
    return !command("timeout 10 ia64-linux-gnu-as -xauto -I %s -o %s/p.o %s/p.S 2>%s/as.log",
                    r->include, r->folder, r->folder, r->folder) &&
           !command("ia64-linux-gnu-ld --no-warn-rwx-segments -z max-page-size=4096 -z "
                    "common-page-size=4096 -T %s/random.lds "
                    "-o %s/p.elf %s/p.o",
                    r->include, r->folder, r->folder);
}

/* Lets Ski run and save its state after each of the given numbers of steps. When Ski's program ends
 * before ours the later states are missing, which ski_load tells. */
static void ski_run(const struct run *r, const uint64_t *at, size_t n) {
    char path[96];
    uint64_t now = 0;
    snprintf(path, sizeof path, "%s/script", r->folder);
    FILE *to = fopen(path, "w");
    if (!to) return;
    for (size_t i = 0; i < n; now = at[i++])
        fprintf(to, "step %" PRIu64 "\nsave %s/state%zu\n", at[i] - now, r->folder, i);
    fprintf(to, "quit\n");
    fclose(to);
    command("timeout %d %s -noconsole -nonet %s -i %s %s/p.elf >%s/ski.log 2>&1 </dev/null",
            SKI_SECONDS, r->ski, r->alat ? "-alat" : "", path, r->folder, r->folder);
}

static bool ski_load(const struct run *r, size_t i, struct ski_state *state) {
    char path[96];
    snprintf(path, sizeof path, "%s/state%zu", r->folder, i);
    bool good = ski_state_read(state, path);
    unlink(path);
    return good;
}

/* --- our side ------------------------------------------------------------------------------ */

/* Ski's step is an attempted instruction: one that retires, traps or faults. An external interrupt
 * is delivered at the end of the step before it. */
struct steps {
    uint64_t done, wanted, flip;
    bool external; /* the last event was an external interrupt */
    char last[160];
};

static void describe(struct steps *steps, const struct ia64_event *event) {
    size_t size = sizeof steps->last;
    int n = snprintf(steps->last, size, "%" PRIx64 ".%u ", event->ip, event->slot);
    if (event->insn)
        n += (int)ia64_disasm(event->insn, event->ip, steps->last + n, size - (size_t)n);
    if (event->vector >= 0)
        snprintf(steps->last + n, size - (size_t)n, "  -> vector %x", (unsigned)event->vector);
}

static void flip(struct ia64 *m) {
    ia64_set_ar(m, 7, ia64_ar(m, 7) ^ 1 << 7);
}

static bool count_step(void *context, struct ia64 *m, const struct ia64_event *event) {
    struct steps *steps = context;
    steps->external = !event->insn && event->vector == 0x3000;
    if (!steps->external && ++steps->done == steps->wanted) describe(steps, event);
    if (!steps->external && steps->done == steps->flip) flip(m);
    return steps->done >= steps->wanted;
}

static struct ia64 *load(const struct run *r) {
    char path[96];
    snprintf(path, sizeof path, "%s/p.elf", r->folder);
    struct ia64 *m =
        ia64_new(&(struct ia64_config){.no_alat = !r->alat, .defer_physical_speculation = true});
    if (m && !ia64_load_elf(m, path)) return m;
    fprintf(stderr, "%s: %s\n", path, m ? ia64_message(m) : "no memory");
    exit(1);
}

/* The machine as Ski would show it after these steps: a pending interrupt that is due is delivered.
 */
static struct ia64 *shown(struct ia64 *m) {
    struct steps one = {.wanted = 1};
    struct ia64 *copy = ia64_copy(m);
    ia64_set_hook(copy, count_step, &one);
    one.done = 0;
    one.wanted = 0; /* stop at the first event */
    ia64_run(copy, UINT64_MAX);
    if (one.external) return copy;
    ia64_free(copy);
    return ia64_copy(m);
}

static void print_difference(void *context, const char *name, const char *left, const char *right) {
    unsigned *left_to_print = context;
    if (*left_to_print && (*left_to_print)--)
        printf("    %-16s Ski %-26s ours %s\n", name, left, right);
}

static size_t compare(const struct ski_state *state, struct ia64 *m, bool print) {
    struct ia64 *now = shown(m);
    unsigned n = print ? SHOWN : 0;
    size_t differences = ski_state_compare(state, now, print_difference, &n);
    ia64_free(now);
    return differences;
}

/* Does the state differ after so many steps? */
static size_t differs_at(const struct run *r, uint64_t step, bool print, char *last, size_t size) {
    struct steps steps = {.wanted = step, .flip = r->flip};
    struct ski_state state;
    struct ia64 *m = load(r);
    ia64_set_hook(m, count_step, &steps);
    if (step) ia64_run(m, UINT64_MAX);
    ski_run(r, &step, 1);
    bool ended = !ski_load(r, 0, &state);
    size_t differences = ended ? 1 : compare(&state, m, print);
    if (ended && print) printf("    Ski's program ended before, see %s/ski.log\n", r->folder);
    if (last) snprintf(last, size, "%s", steps.last);
    if (!ended) ski_state_free(&state);
    ia64_free(m);
    return differences;
}

/* Names the first step after which the states differ: they are equal at `good`, not at `bad`. */
static void bisect(const struct run *r, uint64_t seed, uint64_t good, uint64_t bad) {
    char last[160];
    while (bad - good > 1) {
        uint64_t middle = good + (bad - good) / 2;
        if (differs_at(r, middle, false, NULL, 0))
            bad = middle;
        else
            good = middle;
    }
    printf("seed %" PRIu64 ", step %" PRIu64 ": ", seed, bad);
    fflush(stdout);
    differs_at(r, bad, false, last, sizeof last);
    printf("%s\n", last);
    differs_at(r, bad, true, NULL, 0);
    fflush(stdout);
}

static void print_hook_difference(void *context, const char *name, const char *left,
                                  const char *right) {
    (void)context;
    printf("    %-16s without hook %-26s with hook %s\n", name, left, right);
}

/* Runs without a hook, as users do, must end as the observed run did. */
static bool same_without_hook(const struct run *r, const struct ia64 *observed) {
    struct ia64 *m = load(r);
    ia64_run(m, MAX_INSTRUCTIONS);
    size_t differences = ia64_compare(m, observed, print_hook_difference, NULL, SHOWN);
    ia64_free(m);
    return !differences;
}

/* Compares one program. Returns whether all states are equal; *steps grows by what was compared. */
static bool program(const struct run *r, uint64_t seed, uint64_t *steps) {
    static uint64_t at[MAX_STATES];
    struct steps whole = {.wanted = UINT64_MAX};
    size_t n = 0;
    if (!build(r, seed)) {
        fprintf(stderr, "seed %" PRIu64 ": cannot be assembled, see %s/as.log\n", seed, r->folder);
        return false;
    }
    struct ia64 *m = load(r);
    ia64_set_hook(m, count_step, &whole);
    enum ia64_stop stop = ia64_run(m, MAX_INSTRUCTIONS);
    if (stop != IA64_STOP_EXIT)
        printf("seed %" PRIu64 ": stopped after %" PRIu64 " steps at %" PRIx64 ": %s\n", seed,
               whole.done, ia64_ip(m), ia64_message(m));
    bool good = stop == IA64_STOP_EXIT && same_without_hook(r, m);
    if (stop == IA64_STOP_EXIT && !good)
        printf("seed %" PRIu64 ": the run without hook ends differently\n", seed);
    ia64_free(m);
    uint64_t last = whole.done - (stop == IA64_STOP_EXIT);
    while (n + 1 < MAX_STATES && (n + 1) * r->stride < last)
        at[n] = (n + 1) * r->stride, n++;
    at[n++] = last;
    ski_run(r, at, n);
    m = load(r);
    struct steps here = {.flip = r->flip};
    ia64_set_hook(m, count_step, &here);
    for (size_t i = 0; i < n; i++) {
        struct ski_state state;
        here.wanted = at[i];
        ia64_run(m, UINT64_MAX);
        bool ended = !ski_load(r, i, &state), differs = ended || compare(&state, m, false);
        if (!ended) ski_state_free(&state);
        if (differs) {
            bisect(r, seed, i ? at[i - 1] : 0, at[i]);
            good = false;
            break;
        }
        *steps += at[i] - (i ? at[i - 1] : 0);
    }
    ia64_free(m);
    return good;
}

/* --- which instructions the programs are made of ------------------------------------------------
 */

static bool count_op(void *context, struct ia64 *m, const struct ia64_event *event) {
    uint64_t *counts = context;
    (void)m;
    if (event->insn && event->vector < 0 && event->predicate) counts[event->insn->op]++;
    return false;
}

static uint64_t list_missing(const struct run *r, uint64_t seed, uint64_t instructions) {
    static uint64_t counts[IA64_OPS];
    uint64_t failures = 0;
    unsigned missing = 0;
    for (uint64_t done = 0; done < instructions && !failures; seed++) {
        if (!build(r, seed)) {
            fprintf(stderr, "seed %" PRIu64 ": cannot be assembled\n", seed);
            return 1;
        }
        struct ia64 *m = load(r);
        ia64_set_hook(m, count_op, counts);
        ia64_run(m, MAX_INSTRUCTIONS);
        done += ia64_count(m);
        failures += !same_without_hook(r, m);
        ia64_free(m);
    }
    for (unsigned op = 1; op < IA64_OPS; op++) {
        if (counts[op]) continue;
        printf("%-6s %s\n", ia64_op_format(op), ia64_op_name(op));
        missing++;
    }
    printf("%u of %u forms executed\n", IA64_OPS - 1 - missing, IA64_OPS - 1);
    return failures;
}

/* --- program ------------------------------------------------------------------------------------
 */

static const char *find_ski(void) {
    const char *ski = getenv("SKI");
    if (ski && *ski) return ski;
    return command("command -v bski >/dev/null 2>&1") ? NULL : "bski";
}

static int usage(void) {
    fputs("usage: compare_ski [option...]\n"
          "  -n N      compare at least N instructions (1000000)\n"
          "  -s SEED   of the first program (1)\n"
          "  -c STEPS  between states (5000)\n"
          "  -f N      stop after N programs that differ (1)\n"
          "  -x STEP   flip a bit of ar.k7 on our side after that step: has to be found there\n"
          "  -l        run on ours alone, with and without a hook, and list the forms of isa.def "
          "that\n"
          "            the programs did not execute\n"
          "  -e SEED   print the program of a seed\n"
          "  -k        keep the files of the last program\n"
          "  -I DIR    where random_runtime.inc and random.lds are (tests/engines/ia64)\n",
          stderr);
    return 2;
}

int main(int argc, char **argv) {
    struct run r = {.ski = find_ski(), .include = "tests/engines/ia64", .stride = 5000};
    uint64_t wanted = 1000000, seed = 1, done = 0, programs = 0, failures = 0, allowed = 1;
    bool keep = false, list = false;
    for (int option; (option = getopt(argc, argv, "n:s:c:f:e:I:x:kl")) != -1;)
        switch (option) {
        case 'n':
            wanted = strtoull(optarg, NULL, 0);
            break;
        case 's':
            seed = strtoull(optarg, NULL, 0);
            break;
        case 'c':
            r.stride = strtoull(optarg, NULL, 0);
            break;
        case 'f':
            allowed = strtoull(optarg, NULL, 0);
            break;
        case 'x':
            r.flip = strtoull(optarg, NULL, 0);
            break;
        case 'I':
            r.include = optarg;
            break;
        case 'k':
            keep = true;
            break;
        case 'l':
            list = true;
            break;
        case 'e':
            random_stream_write(stdout,
                                &(struct random_options){.seed = strtoull(optarg, NULL, 0)});
            return 0;
        default:
            return usage();
        }
    if (!r.stride || optind != argc) return usage();
    if (!r.ski && !list) {
        printf("skipped: bski is not on the PATH and SKI is not set\n");
        return 77;
    }
    snprintf(r.folder, sizeof r.folder, "%s/compare_ski.XXXXXX",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    if (!mkdtemp(r.folder)) {
        perror(r.folder);
        return 1;
    }
    if (list) failures = list_missing(&r, seed, wanted);
    for (; !list && done < wanted && failures < allowed; seed++, programs++)
        r.alat = seed & 1, failures += !program(&r, seed, &done);
    if (!list)
        printf("%" PRIu64 " programs, %" PRIu64
               " instructions compared in full states every %" PRIu64 ": %" PRIu64 " differences\n",
               programs, done, r.stride, failures);
    if (keep || failures)
        printf("files of the last program: %s\n", r.folder);
    else
        command("rm -r %s", r.folder);
    return failures ? 1 : 0;
}
