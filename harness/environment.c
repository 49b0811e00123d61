/* environment.c: one table of facts, each a file and a way to read it. Adding a fact is one row
 * (and one in docs/records.md). A file that is absent, unreadable or odd makes its fact null. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* asprintf */
#endif
#include "harness/environment.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine.h"

static FILE *open_below(const char *root, const char *path) {
    char *full;
    if (asprintf(&full, "%s%s", root, path) < 0) return NULL;
    FILE *file = fopen(full, "re");
    free(full);
    return file;
}

static char *trim(char *text) {
    text += strspn(text, " \t\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

static json_t *known(json_t *value) {
    return value ? value : json_null();
}

/* --- Ways to read a fact ---------------------------------------------------------------------- */

struct fact {
    const char *name;
    const char *path;
    const char *key; /* what a reader looks for in the file, where it looks for something */
    json_t *(*read)(FILE *file, const char *key);
};

static json_t *number_or_null(const char *text) {
    char *end;
    long long value = strtoll(text, &end, 0);
    return end == text || *trim(end) ? json_null() : json_integer(value);
}

static json_t *line_text(FILE *file, const char *key) {
    char line[1024];
    (void)key;
    if (!fgets(line, sizeof line, file) || !*trim(line)) return json_null();
    return known(json_string(trim(line)));
}

static json_t *line_number(FILE *file, const char *key) {
    char line[64];
    (void)key;
    return fgets(line, sizeof line, file) ? number_or_null(trim(line)) : json_null();
}

/* "key : value" in the first block of such lines; as in cpuinfo and meminfo. */
static char *keyed(FILE *file, const char *key, char *line, int size) {
    while (fgets(line, size, file)) {
        char *colon = strchr(line, ':');
        if (!colon) continue;
        *colon = '\0';
        if (!strcmp(trim(line), key)) return trim(colon + 1);
    }
    return NULL;
}

static json_t *keyed_text(FILE *file, const char *key) {
    char line[4096], *value = keyed(file, key, line, sizeof line);
    return value && *value ? known(json_string(value)) : json_null();
}

static json_t *keyed_number(FILE *file, const char *key) {
    char line[4096], *value = keyed(file, key, line, sizeof line);
    return value ? number_or_null(value) : json_null();
}

static json_t *keyed_kib(FILE *file, const char *key) {
    char line[256], *value = keyed(file, key, line, sizeof line);
    long long kib;
    return value && sscanf(value, "%lld kB", &kib) == 1 ? json_integer(kib * 1024) : json_null();
}

/* A word of cpuinfo's flags: true or false, null where there are no flags. */
static json_t *flag(FILE *file, const char *key) {
    char line[8192], *flags = keyed(file, "flags", line, sizeof line), *rest = NULL;
    if (!flags) return json_null();
    for (char *word = strtok_r(flags, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        if (!strcmp(word, key)) return json_true();
    return json_false();
}

/* How often a key stands in the file: logical CPUs in cpuinfo. */
static json_t *occurrences(FILE *file, const char *key) {
    char line[8192];
    json_int_t count = 0;
    while (keyed(file, key, line, sizeof line))
        count++;
    return count ? json_integer(count) : json_null();
}

/* Cores in cpuinfo: different pairs of package and core, of which two hardware threads share one. */
static json_t *cores(FILE *file, const char *key) {
    enum { MOST = 4096 };
    static int seen[MOST][2];
    char line[8192];
    int package = 0, core, n = 0, i;
    (void)key;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "physical id : %d", &package) == 1 ||
            sscanf(line, "core id : %d", &core) != 1)
            continue;
        for (i = 0; i < n && (seen[i][0] != package || seen[i][1] != core); i++)
            ;
        if (i == n && n < MOST) seen[n][0] = package, seen[n++][1] = core;
    }
    return n ? json_integer(n) : json_null();
}

/* The word in brackets: the one chosen, as in "always [madvise] never". */
static json_t *chosen(FILE *file, const char *key) {
    char line[256], word[64];
    (void)key;
    if (!fgets(line, sizeof line, file)) return json_null();
    char *open = strchr(line, '[');
    return open && sscanf(open, "[%63[^]]]", word) == 1 ? known(json_string(word)) : json_null();
}

static json_t *load(FILE *file, const char *key) {
    double one, five, fifteen;
    (void)key;
    if (fscanf(file, "%lf %lf %lf", &one, &five, &fifteen) != 3) return json_null();
    return known(json_pack("[f, f, f]", one, five, fifteen));
}

static json_t *first_number(FILE *file, const char *key) {
    double value;
    (void)key;
    return fscanf(file, "%lf", &value) == 1 ? known(json_real(value)) : json_null();
}

/* Seconds that the hypervisor took from this machine's CPUs since boot: the eighth figure of stat's
 * first line. */
static json_t *steal(FILE *file, const char *key) {
    long long ticks;
    (void)key;
    if (fscanf(file, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &ticks) != 1) return json_null();
    return json_real((double)ticks / (double)sysconf(_SC_CLK_TCK));
}

#define CPU0 "/sys/devices/system/cpu/cpu0/"
#define CPUS "/sys/devices/system/cpu/"

static const struct fact facts[] = {
    {"cpu", "/proc/cpuinfo", "model name", keyed_text},
    {"vendor", "/proc/cpuinfo", "vendor_id", keyed_text},
    {"family", "/proc/cpuinfo", "cpu family", keyed_number},
    {"model", "/proc/cpuinfo", "model", keyed_number},
    {"stepping", "/proc/cpuinfo", "stepping", keyed_number},
    {"microcode", "/proc/cpuinfo", "microcode", keyed_text},
    {"cpus", "/proc/cpuinfo", "processor", occurrences},
    {"cores_per_socket", "/proc/cpuinfo", "cpu cores", keyed_number},
    {"cores", "/proc/cpuinfo", NULL, cores},
    {"virtual", "/proc/cpuinfo", "hypervisor", flag},
    {"hypervisor", "/sys/hypervisor/type", NULL, line_text},
    {"machine", "/sys/class/dmi/id/sys_vendor", NULL, line_text},
    {"smt", CPUS "smt/control", NULL, line_text},
    {"threads_of_cpu0", CPU0 "topology/thread_siblings_list", NULL, line_text},
    {"governor", CPU0 "cpufreq/scaling_governor", NULL, line_text},
    {"frequency_driver", CPU0 "cpufreq/scaling_driver", NULL, line_text},
    {"frequency_max_khz", CPU0 "cpufreq/cpuinfo_max_freq", NULL, line_number},
    {"boost", CPUS "cpufreq/boost", NULL, line_number},
    {"no_turbo", CPUS "intel_pstate/no_turbo", NULL, line_number},
    {"kernel", "/proc/sys/kernel/osrelease", NULL, line_text},
    {"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid", NULL, line_number},
    {"aslr", "/proc/sys/kernel/randomize_va_space", NULL, line_number},
    {"thp", "/sys/kernel/mm/transparent_hugepage/enabled", NULL, chosen},
    {"memory_bytes", "/proc/meminfo", "MemTotal", keyed_kib},
    {"clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource", NULL,
     line_text},
    {"load", "/proc/loadavg", NULL, load},
    {"steal_seconds", "/proc/stat", NULL, steal},
    {"uptime_seconds", "/proc/uptime", NULL, first_number},
};

static json_t *fact_value(const char *root, const struct fact *fact) {
    FILE *file = open_below(root, fact->path);
    if (!file) return json_null();
    json_t *value = fact->read(file, fact->key);
    fclose(file);
    return value;
}

/* --- What is not one file --------------------------------------------------------------------- */

/* One entry for each file of the folder: {"meltdown": "Not affected", ...}; null where there is no
 * such folder. */
static json_t *mitigations(const char *root) {
    static const char folder[] = CPUS "vulnerabilities";
    char *full;
    if (asprintf(&full, "%s%s", root, folder) < 0) return NULL;
    DIR *dir = opendir(full);
    free(full);
    if (!dir) return json_null();
    json_t *all = json_object();
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        char path[512];
        if (*entry->d_name == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct fact fact = {entry->d_name, path, NULL, line_text};
        json_object_set_new(all, entry->d_name, fact_value(root, &fact));
    }
    closedir(dir);
    return all;
}

json_t *environment(const char *root, const char *compiler) {
    json_t *env = json_object();
    int failed = !env;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        failed |= json_object_set_new(env, facts[i].name, fact_value(root, &facts[i]));
    failed |= json_object_set_new(env, "mitigations", mitigations(root));
    failed |= json_object_set_new(env, "page_bytes", json_integer(sysconf(_SC_PAGESIZE)));
    failed |= json_object_set_new(env, "machine_id", machine_id(env));
    failed |= json_object_set_new(env, "compiler", compiler ? json_string(compiler) : json_null());
    if (!failed) return env;
    json_decref(env);
    return NULL;
}
