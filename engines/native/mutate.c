/* mutate.c: a mutant is this very program with the instructions of one step overwritten by nops, in
 * a child process. The steps come from the register table: see step_begin in switchers/registers/.
 */
#include "engines/native/mutate.h"
#include "harness/contract.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 2 };

enum { CHILD_PASS = 0, CHILD_NOTICED = 1, CHILD_FAILED = 2 };

/* a mutant may crash or hang: that is noticed too, by the signal */
static int mutant(const struct step *step, const struct work *work) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    alarm(SECONDS);
    if (step && !kernel_remove(step)) return CHILD_FAILED;
    json_t *check = contract_check(work->switcher, work->seed);
    return strcmp(json_string_value(json_object_get(check, "status")), "pass") == 0 ? CHILD_PASS
                                                                                    : CHILD_NOTICED;
}

/* whether the check noticed; step NULL is the unchanged switcher. -1: the mutant could not be made
 */
static int noticed(const struct step *step, const struct work *work) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) _exit(mutant(step, work));
    int status;
    if (child < 0) return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_FAILED) return -1;
    return !WIFEXITED(status) || WEXITSTATUS(status) == CHILD_NOTICED;
}

json_t *native_mutate(const struct work *work) {
    const struct native_code *native = work->switcher->native;
    if (!native || !native->check || !native->code[0])
        return json_pack("{s:s}", "skip", "its saves and restores are not in this program's code");
    if (noticed(NULL, work) != 0)
        return json_pack("{s:s}", "skip",
                         "it fails its check unchanged: a mutant would say nothing");
    int total = 0, killed = 0;
    json_t *survivors = json_array();
    for (const struct step *step = __start_switch_steps; step < __stop_switch_steps; step++) {
        if (!kernel_owns(native, step)) continue;
        total++;
        char name[64];
        snprintf(name, sizeof name, "%s %s", step->op, step->reg);
        switch (noticed(step, work)) {
        case 1:
            killed++;
            break;
        case 0:
            json_array_append_new(survivors, json_string(name));
            break;
        default:
            json_decref(survivors);
            return json_pack(
                "{s:s+s}", "skip",
                "a mutant could not be made (fork or mprotect failed): ", strerror(errno));
        }
    }
    return json_pack("{s:i, s:i, s:o}", "total", total, "killed", killed, "survivors", survivors);
}
