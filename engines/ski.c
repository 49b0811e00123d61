/* ski: the same worlds on Ski, an IA-64 simulator that the user builds and that the lab never
 * carries. SKI names it, or bski stands on the PATH. Counts come from single steps between the same
 * addresses, so they must equal ia64sim's exactly. */
#include "engines/ia64sim/counts.h"
#include "engines/ia64sim/ia64sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 10, PATH = 1024, TEXT = 4 * 1024 * 1024, MOST_STEPS = 20 * 1000 };

/* ---- the program ---- */

static const char *find(char path[PATH]) {
    const char *named = getenv("SKI"), *search = getenv("PATH");
    if (named && *named) {
        snprintf(path, PATH, "%s", named);
        return access(path, X_OK) == 0 ? path : NULL;
    }
    for (const char *p = search ? search : ""; *p;) {
        size_t n = strcspn(p, ":");
        snprintf(path, PATH, "%.*s/bski", (int)n, p);
        if (n && access(path, X_OK) == 0) return path;
        p += n + (p[n] == ':');
    }
    return NULL;
}

/* Runs a world, with a script or NULL. The text is the console and Ski's own messages; NULL: it
 * could not be run. */
static char *run(const char *elf, const char *script, int *status) {
    char path[PATH], command[3 * PATH];
    if (!find(path) || strchr(path, '\'') || strchr(elf, '\'')) return NULL;
    snprintf(command, sizeof command,
             "timeout %d '%s' -noconsole -nonet -icnt /dev/null %s '%s' '%s' 2>&1 </dev/null",
             SECONDS, path, script ? "-i" : "", script ? script : elf, script ? elf : "");
    if (!script)
        snprintf(command, sizeof command, "timeout %d '%s' -noconsole -nonet '%s' 2>&1 </dev/null",
                 SECONDS, path, elf);
    FILE *from = popen(command, "r");
    char *text = from ? malloc(TEXT) : NULL;
    if (text) text[fread(text, 1, TEXT - 1, from)] = 0;
    if (from) *status = pclose(from);
    return text;
}

/* What stands between Ski and the lab: not there, or one whose options differ. */
static const char *unavailable(void) {
    static char why[2 * PATH];
    char path[PATH], command[2 * PATH], help[TEXT / 1024];
    if (!find(path)) {
        snprintf(why, sizeof why,
                 "bski is not there (%s); build Ski 1.5.1 from github.com/trofi/ski and put bski "
                 "on the PATH, or name it in SKI",
                 getenv("SKI") ? "SKI names no program" : "not on the PATH, SKI is not set");
        return why;
    }
    snprintf(command, sizeof command, "timeout %d '%s' -help 2>&1 </dev/null", SECONDS, path);
    FILE *from = popen(command, "r");
    if (!from) return "bski can't be started";
    help[fread(help, 1, sizeof help - 1, from)] = 0;
    pclose(from);
    static const char *const wanted[] = {"-noconsole", "-nonet", "-icnt", "-i "};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(help, wanted[i])) {
            snprintf(
                why, sizeof why,
                "%.200s has no option %s: the lab is written for Ski 1.5.1 (github.com/trofi/ski)",
                path, wanted[i]);
            return why;
        }
    return NULL;
}

static const char *rejects(const struct work *work) {
    if (strcmp(work->switcher->arch, "ia64") != 0) return "it runs only what is written for IA-64";
    if (work->experiment && work->experiment->kernel) return "its world has no such loop";
    if (json_object_get(work->params, "stacked") || json_object_get(work->params, "guest"))
        return "it counts the plain round trip only";
    return NULL;
}

static void world_path(const struct work *work, char elf[PATH]) {
    const struct ia64_switcher *other = work->switcher->other;
    snprintf(elf, PATH, "%s/%s.elf", ia64sim_worlds(), other->world);
}

/* ---- check: the world's own, and that it says here what it says on ia64sim ---- */

static char *on_ia64sim(const struct work *work, char why[WHY]) {
    enum { LIMIT = 10 * 1000 * 1000 };
    struct stage stage = {.switcher = work->switcher};
    char *text = NULL;
    size_t size;
    FILE *console = open_memstream(&text, &size);
    const char *failure = console ? ia64sim_run_world(&stage, console, LIMIT) : "no memory";
    if (console) fclose(console);
    snprintf(why, WHY, "%s", failure ? failure : "");
    return text;
}

static json_t *verdict(const struct work *work, const char *why) {
    json_t *check =
        json_pack("{s:s, s:i, s:[]}", "status", why ? "fail" : "pass", "registers",
                  why ? 0 : (int)contract_saved(&work->switcher->contract), "corrupted");
    if (why) json_object_set_new(check, "reason", json_string(why));
    return check;
}

static json_t *check(const struct work *work) {
    char elf[PATH], ours_why[WHY], why[2 * WHY] = "";
    int status = 0;
    world_path(work, elf);
    char *ours = on_ia64sim(work, ours_why), *theirs = run(elf, NULL, &status);
    if (ours_why[0])
        snprintf(why, sizeof why, "on ia64sim: %s", ours_why);
    else if (!theirs || status)
        snprintf(why, sizeof why, "bski ended %.200s with status %d; its last words: %.100s", elf,
                 status,
                 theirs ? theirs + (strlen(theirs) > 100 ? strlen(theirs) - 100 : 0) : "none");
    else if (!strstr(theirs, "\nend\n") || strncmp(theirs, ours, strlen(ours)) != 0)
        snprintf(why, sizeof why, "the world says something else than on ia64sim: %.200s", theirs);
    free(ours);
    free(theirs);
    return verdict(work, why[0] ? why : NULL);
}

/* ---- count ---- */

struct position {
    uint64_t ip, bspstore;
    unsigned slot;
};

/* Ski's ip names slot n by n * 4 */
static struct position position(uint64_t ip, uint64_t bspstore) {
    return (struct position){ip & ~UINT64_C(15), bspstore, ip >> 2 & 3};
}

/* a script in a file of its own */
static bool write_script(char path[PATH], const char *const *lines, size_t repeat_from,
                         size_t repeats) {
    snprintf(path, PATH, "%s/ski-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    int fd = mkstemp(path);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    if (!to) return false;
    size_t i = 0;
    for (; lines[i] && i < repeat_from; i++)
        fprintf(to, "%s\n", lines[i]);
    for (size_t k = 0; k < repeats; k++)
        for (size_t j = i; lines[j]; j++)
            fprintf(to, "%s\n", lines[j]);
    fprintf(to, "quit\n");
    return fclose(to) == 0;
}

static char *scripted(const char *elf, const char *const *lines, size_t repeat_from,
                      size_t repeats) {
    char script[PATH];
    int status;
    char *text =
        write_script(script, lines, repeat_from, repeats) ? run(elf, script, &status) : NULL;
    unlink(script);
    return text;
}

/* values of `name = HEX` or decimal lines, in order */
static size_t values(const char *text, const char *name, int base, uint64_t *to, size_t most) {
    size_t n = 0, length = strlen(name);
    for (const char *p = text; (p = strstr(p, name)) && n < most; p += length)
        if (strncmp(p + length, " = ", 3) == 0) to[n++] = strtoull(p + length + 3, NULL, base);
    return n;
}

/* The instructions that each way takes: breakpoints at their ends. */
static bool lengths(const char *elf, uint64_t *out, uint64_t *back) {
    static const char *const lines[] = {
        "bs driver_call", "bs vm_enter",  "bs switch_back", "bs resume_tick", "bs resume_put",
        "bs resume_stop", "cont",         "eval $insts$",   "cont",           "eval $insts$",
        "cont",           "eval $insts$", "cont",           "eval $insts$",   NULL};
    uint64_t at[4] = {0};
    char *text = scripted(elf, lines, sizeof lines / sizeof *lines, 0);
    bool good = text && values(text, "$insts$", 10, at, 4) == 4;
    free(text);
    *out = at[1] - at[0];
    *back = at[3] - at[2];
    return good && *out < MOST_STEPS && *back < MOST_STEPS;
}

/* loads and stores of switchers: st8, ld8, their spill and fill forms, and those of floating-point
 * registers */
static unsigned size_of(const struct ia64_insn *insn) {
    const char *name = ia64_op_name(insn->op);
    return strncmp(name, "ldf.fill", 8) == 0 || strncmp(name, "stf.spill", 9) == 0 ? 16 : 8;
}

static void add(struct counts *c, const struct stage *stage, const struct position *now,
                const struct position *next) {
    struct ia64_insn insn[3];
    uint64_t words[2];
    memset(insn, 0, sizeof insn);
    ia64_read_memory(stage->host, now->ip, words, sizeof words);
    int slots = ia64_decode_bundle(words, insn);
    const struct ia64_insn *i = &insn[slots == 2 && now->slot ? 1 : now->slot];
    bool memory = ia64_op_flags(i->op) & (IA64_LOAD | IA64_STORE),
         rse = ia64_op_class(i->op) != IA64_CLASS_toar;
    int64_t moved = rse ? (int64_t)(next->bspstore - now->bspstore) / 8 : 0;
    struct ia64_event e = {.ip = now->ip,
                           .slot = now->slot,
                           .insn = i,
                           .predicate = true,
                           .has_address = memory,
                           .size = memory ? size_of(i) : 0,
                           .rse_stores = moved > 0 ? (unsigned)moved : 0,
                           .rse_loads = moved < 0 ? (unsigned)-moved : 0,
                           .taken = next->ip != now->ip && next->ip != now->ip + 16};
    counts_add(c, &e);
}

/* steps through one way and adds up what was executed */
static const char *step_through(const struct stage *stage, const char *elf, const char *from,
                                uint64_t steps, struct counts *c) {
    char begin[64];
    snprintf(begin, sizeof begin, "bs %s", from);
    const char *const lines[] = {begin, "cont", "eval ip bspst", "step 1", NULL};
    char *text = scripted(elf, lines, 2, steps + 2);
    uint64_t *ip = calloc(2 * (MOST_STEPS + 2), sizeof *ip), *bspstore = ip + MOST_STEPS + 2;
    bool good = text && ip && values(text, "ip", 16, ip, steps + 2) == steps + 2 &&
                values(text, "bspst", 16, bspstore, steps + 2) == steps + 2;
    c->bundle = 0;
    /* the last one is seen with the loads that a return owes, which come with the instruction after
     * it */
    for (uint64_t k = 0; good && k < steps; k++) {
        struct position now = position(ip[k], bspstore[k]),
                        next = position(ip[k + 1], bspstore[k + 1 + (k + 1 == steps)]);
        add(c, stage, &now, &next);
    }
    free(ip);
    free(text);
    return good ? NULL : "bski did not answer its script as Ski 1.5.1 does";
}

static json_t *count(const struct work *work) {
    const char *direction = json_string_value(json_object_get(work->params, "direction"));
    const bool out = !direction || strcmp(direction, "back") != 0,
               back = !direction || strcmp(direction, "out") != 0;
    char elf[PATH];
    uint64_t there = 0, again = 0;
    struct counts counts = {0};
    struct stage stage;
    world_path(work, elf);
    if (!stage_open(&stage, work->switcher, FRAME_DEFAULT))
        return json_pack("{s:s}", "skip", stage.why);
    const char *why =
        lengths(elf, &there, &again) ? NULL : "bski did not stop at the switch's ends";
    if (!why && out) why = step_through(&stage, elf, "driver_call", there, &counts);
    if (!why && back) why = step_through(&stage, elf, "switch_back", again, &counts);
    json_t *answer = why ? json_pack("{s:s}", "skip", why) : json_object();
    if (!why) counts_put(answer, &counts, &stage);
    stage_close(&stage);
    return answer;
}

static const struct engine ski = {
    .name = "ski",
    .summary =
        "the same worlds on Ski (SKI or bski on the PATH): the world's own check, exact counts",
    .unavailable = unavailable,
    .rejects = rejects,
    .check = check,
    .count = count,
};
REGISTER_ENGINE(ski);
