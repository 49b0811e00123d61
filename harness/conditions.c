/* conditions.c: a table of conditions, each a question to the recorded environment. */
#include "harness/conditions.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 512 };

/* each writes its sentence and returns true where the condition holds */
struct condition {
    const char *name;
    bool (*holds)(const json_t *env, char text[TEXT]);
};

static const char *text_of(const json_t *env, const char *fact) {
    return json_string_value(json_object_get(env, fact));
}

static bool integer_is(const json_t *env, const char *fact, json_int_t value) {
    const json_t *f = json_object_get(env, fact);
    return json_is_integer(f) && json_integer_value(f) == value;
}

static bool say(char text[TEXT], const char *sentence) {
    snprintf(text, TEXT, "%s", sentence);
    return true;
}

static bool governor(const json_t *env, char text[TEXT]) {
    const char *name = text_of(env, "governor");
    if (!name || !strcmp(name, "performance")) return false;
    snprintf(text, TEXT,
             "the frequency governor is %s: the clock follows the load, nanoseconds with it; make "
             "tune GOVERNOR=performance",
             name);
    return true;
}

static bool turbo(const json_t *env, char text[TEXT]) {
    if (!integer_is(env, "boost", 1) && !integer_is(env, "no_turbo", 0)) return false;
    return say(text, "turbo is on: the frequency depends on temperature and on other cores, "
                     "nanoseconds with it; make tune TURBO=off");
}

static bool smt(const json_t *env, char text[TEXT]) {
    const char *state = text_of(env, "smt");
    if (!state || strcmp(state, "on")) return false;
    return say(text, "SMT is on: another hardware thread may share the core, and no sample can "
                     "tell for sure; make tune SMT=off");
}

static bool mitigations(const json_t *env, char text[TEXT]) {
    const char *name;
    json_t *value;
    size_t used = 0, n = 0;
    json_object_foreach(json_object_get(env, "mitigations"), name, value) {
        const char *state = json_string_value(value);
        if (!state || strncmp(state, "Vulnerable", 10)) continue;
        if (used < TEXT / 2)
            used += (size_t)snprintf(text + used, TEXT - used, "%s%s",
                                     n ? ", " : "not mitigated: ", name);
        n++;
    }
    if (n)
        snprintf(text + used, TEXT - used,
                 ": system calls cost less here than on a machine that mitigates them");
    return n > 0;
}

static bool microcode(const json_t *env, char text[TEXT]) {
    if (text_of(env, "microcode") || !text_of(env, "cpu")) return false;
    return say(text, "the microcode revision is unknown: an update can change figures, and the "
                     "record would not show it");
}

static bool hypervisor(const json_t *env, char text[TEXT]) {
    const char *type = text_of(env, "hypervisor");
    if (!type && !json_is_true(json_object_get(env, "virtual"))) return false;
    snprintf(text, TEXT,
             "a virtual machine%s%s%s: others share its caches and cores, and it may move; repeat "
             "runs before you believe a difference",
             type ? " (" : "", type ? type : "", type ? ")" : "");
    return true;
}

static bool steal(const json_t *env, char text[TEXT]) {
    double stolen = json_number_value(json_object_get(env, "steal_seconds")),
           all = json_number_value(json_object_get(env, "uptime_seconds")) *
                 json_number_value(json_object_get(env, "cpus"));
    if (!(all > 0) || stolen / all < 0.005) return false;
    snprintf(text, TEXT,
             "the hypervisor gave %.1f%% of this machine's time to others since boot: outliers are "
             "theirs",
             100 * stolen / all);
    return true;
}

static bool load(const json_t *env, char text[TEXT]) {
    double one = json_number_value(json_array_get(json_object_get(env, "load"), 0)),
           cpus = json_number_value(json_object_get(env, "cpus"));
    if (one < 0.5 || (cpus > 0 && one < 0.1 * cpus)) return false;
    snprintf(text, TEXT,
             "the load was %.2f on %.0f CPUs when the run began: other work takes time and caches; "
             "wait until it is over",
             one, cpus);
    return true;
}

static bool aslr(const json_t *env, char text[TEXT]) {
    if (!integer_is(env, "aslr", 0)) return false;
    return say(text, "ASLR is off: every process lies at the same addresses, so intervals miss "
                     "what other addresses would do");
}

static bool page_size(const json_t *env, char text[TEXT]) {
    json_int_t bytes = json_integer_value(json_object_get(env, "page_bytes"));
    if (bytes <= 0 || bytes == 4096) return false;
    snprintf(text, TEXT, "pages have %lld bytes: compare with machines of the same page size",
             (long long)bytes);
    return true;
}

static bool thp(const json_t *env, char text[TEXT]) {
    const char *state = text_of(env, "thp");
    if (!state || strcmp(state, "always")) return false;
    return say(text, "transparent huge pages are always on: the kernel may move memory in mid-run; "
                     "make tune THP=madvise");
}

static const struct condition all[] = {
    {"governor", governor},
    {"turbo", turbo},
    {"smt", smt},
    {"mitigations", mitigations},
    {"microcode", microcode},
    {"hypervisor", hypervisor},
    {"steal", steal},
    {"load", load},
    {"aslr", aslr},
    {"page size", page_size},
    {"thp", thp},
};

size_t conditions(const json_t *env,
                  void (*tell)(void *context, const char *name, const char *text), void *context) {
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[TEXT];
        if (!all[i].holds(env, text)) continue;
        tell(context, all[i].name, text);
        n++;
    }
    return n;
}
