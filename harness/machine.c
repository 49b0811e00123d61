/* machine.c: names made of what the run line says of its environment; see machine.h. */
#include "harness/machine.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *env, const char *fact) {
    const char *text = json_string_value(json_object_get(env, fact));
    return text ? text : "unknown";
}

struct number {
    char text[24];
};

static struct number number(const json_t *value) {
    struct number n = {"unknown"};
    if (json_is_integer(value))
        snprintf(n.text, sizeof n.text, "%lld", (long long)json_integer_value(value));
    return n;
}

static const char no_cores[] = "cores not recorded", no_memory[] = "memory not recorded";

/* logical CPUs come and go with SMT; where cores are not told they must do */
static void cores_of(const json_t *env, char text[24]) {
    const json_t *cores = json_object_get(env, "cores");
    if (!json_is_integer(cores)) cores = json_object_get(env, "cpus");
    if (json_is_integer(cores))
        snprintf(text, 24, "%.8scores", number(cores).text);
    else
        strcpy(text, no_cores);
}

/* Installed memory in GiB, of which each kernel keeps another share for itself: up to the next of 8
 * steps in each power of two. */
static void memory_of(const json_t *env, char text[24]) {
    const json_t *bytes = json_object_get(env, "memory_bytes");
    double gib = (double)json_integer_value(bytes) / (1 << 30), step = 1.0 / 8;
    if (!json_is_integer(bytes) || gib < 0) {
        strcpy(text, no_memory);
        return;
    }
    while (step * 16 < gib)
        step *= 2;
    snprintf(text, 24, "%ggib", step * ceil(gib / step));
}

/* lower case, and one dash for all that does not belong into a file name */
static void tidy(char *name) {
    char *to = name;
    for (const char *from = name; *from; from++) {
        bool fit = isalnum((unsigned char)*from) || *from == '.';
        if (fit)
            *to++ = (char)tolower((unsigned char)*from);
        else if (to > name && to[-1] != '-')
            *to++ = '-';
    }
    while (to > name && to[-1] == '-')
        to--;
    *to = '\0';
}

json_t *machine_id(const json_t *env) {
    static const char nothing[] =
        "unknown-unknown-unknown.unknown.unknown-cores-not-recorded-memory-not-recorded";
    char name[MACHINE_NAME], cores[24], memory[24];
    cores_of(env, cores);
    memory_of(env, memory);
    snprintf(name, MACHINE_NAME, "%.16s %.32s %.8s.%.8s.%.8s %s %s", text_of(env, "vendor"),
             text_of(env, "cpu"), number(json_object_get(env, "family")).text,
             number(json_object_get(env, "model")).text,
             number(json_object_get(env, "stepping")).text, cores, memory);
    tidy(name);
    return strcmp(name, nothing) ? json_string(name) : json_null();
}

void machine_name(const json_t *run, char name[MACHINE_NAME]) {
    const json_t *env = json_object_get(run, "env"), *stated = json_object_get(env, "machine_id");
    json_t *computed = json_is_string(stated) ? NULL : machine_id(env);
    const char *text = json_string_value(computed ? computed : stated);
    snprintf(name, MACHINE_NAME, "%s", text ? text : "");
    json_decref(computed);
}

/* the first word of the text, outside of parentheses, that `wanted` accepts; its length, 0: none */
static size_t find_word(const char *text, bool (*wanted)(const char *), const char **word) {
    for (int depth = 0; *text; text++) {
        depth += (*text == '(') - (*text == ')');
        bool starts = *text != ' ' && *text != ')' && (text[-1] == ' ');
        if (depth || !starts || !wanted(text)) continue;
        *word = text;
        return strcspn(text, " ");
    }
    return 0;
}

static bool is_version(const char *word) {
    return isdigit((unsigned char)*word);
}
static bool is_level(const char *word) {
    return word[0] == '-' && word[1] == 'O';
}

void compiler_name(const json_t *run, char name[MACHINE_NAME]) {
    char text[512];
    const char *compiler =
                   json_string_value(json_object_get(json_object_get(run, "env"), "compiler")),
               *version, *level = "-O0";
    snprintf(text, sizeof text, " %s", compiler ? compiler : "");
    size_t digits = find_word(text, is_version, &version);
    if (!digits) {
        *name = '\0';
        return;
    }
    const char *family = strstr(text, "clang") ? "clang" : "gcc";
    size_t letters = find_word(text, is_level, &level);
    snprintf(name, MACHINE_NAME, "%s-%.*s%.*s", family, (int)strcspn(version, ". "), version,
             letters ? (int)letters : 3, level);
}
