/* machine.c: names made of what the run line says of its environment; see machine.h. */
#include "harness/machine.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const json_t *env_of(const json_t *run, const char *fact) {
    return json_object_get(json_object_get(run, "env"), fact);
}

static const char *text_of(const json_t *run, const char *fact) {
    const char *text = json_string_value(env_of(run, fact));
    return text ? text : "unknown";
}

static void number_of(const json_t *run, const char *fact, char text[24]) {
    const json_t *value = env_of(run, fact);
    if (json_is_integer(value))
        snprintf(text, 24, "%lld", (long long)json_integer_value(value));
    else
        strcpy(text, "unknown");
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

void machine_name(const json_t *run, char name[MACHINE_NAME]) {
    static const double gib = 1024.0 * 1024 * 1024;
    char family[24], model[24], stepping[24], cpus[24], memory[24] = "unknown";
    number_of(run, "family", family);
    number_of(run, "model", model);
    number_of(run, "stepping", stepping);
    number_of(run, "cpus", cpus);
    if (json_is_integer(env_of(run, "memory_bytes")))
        snprintf(memory, sizeof memory, "%.0f",
                 (double)json_integer_value(env_of(run, "memory_bytes")) / gib);
    snprintf(name, MACHINE_NAME, "%.16s %.32s %.8s.%.8s.%.8s %.8scpus %.8sgib",
             text_of(run, "vendor"), text_of(run, "cpu"), family, model, stepping, cpus, memory);
    tidy(name);
    if (strcmp(name, "unknown-unknown-unknown.unknown.unknown-unknowncpus-unknowngib") == 0)
        *name = '\0';
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
    const char *compiler = json_string_value(env_of(run, "compiler")), *version, *level = "-O0";
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
