/* vmexit.c: the subcommand `vmexit`: whether guest ring 0 runs on the hardware here, and what
 * leaving a virtual machine costs, beside what is published. */
#include "engines/kvm/timing.h"
#include "harness/command.h"
#include "harness/options.h"
#include "harness/table.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

static const struct switcher *any_switcher(void) {
    const struct engine *kvm = engine_find("kvm");
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        struct work work = {.switcher = *s, .cpu = -1};
        if (!kvm->rejects(&work)) return *s;
    }
    return NULL;
}

static void print_calibration(const struct kvm_calibration *c) {
    static const struct column columns[] = {
        {"round trip", NULL, FIT_CUT}, {"ns", NULL, FIT_RIGHT}, {"method", NULL, FIT_CUT}};
    struct table *t = table_new(columns, 3);
    char cpuid[32], port[32];
    snprintf(cpuid, sizeof cpuid, "%.0f", c->cpuid_ns);
    snprintf(port, sizeof port, "%.0f", c->port_ns);
    printf("one dependent multiplication: %.2f ticks at ring 3 of the host, %.2f at ring 0 of a "
           "guest: ratio %.2f\n",
           c->host, c->guest, c->ratio);
    print_wrapped(c->interpreted[0] ? c->interpreted : "guest ring 0 runs on the hardware", 0, 100,
                  stdout);
    putchar('\n');
    table_row(t,
              (const char *const[]){"cpuid: guest, kernel of the host, guest", cpuid, "measured"});
    table_row(
        t, (const char *const[]){"port I/O: guest, kernel, process, and back", port, "measured"});
    table_print(t, 100, stdout);
    table_free(t);
    printf("\nPublished, for comparison: a KVM exit takes about 1,300 to 2,500 cycles on x86 "
           "hardware (docs/worlds.md)\n");
}

static int vmexit(int argc, char **argv) {
    struct argp argp = {
        .doc = "Times what leaves a virtual machine of the lab's own runner on /dev/kvm."};
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    struct kvm_calibration c;
    char why[WORLD_WHY];
    const char *missing = kvm_missing();
    const struct switcher *s = missing ? NULL : any_switcher();
    if (!s) {
        fprintf(stderr, "switchlab: vmexit: skipped: %s\n",
                missing ? missing : "no world for this architecture");
        return EXIT_SKIPPED;
    }
    if (!kvm_calibrate(&c, s, why)) {
        fprintf(stderr, "switchlab: vmexit: %s\n", why);
        return EXIT_CHECK_FAILED;
    }
    print_calibration(&c);
    return EXIT_DONE;
}

static const struct command vmexit_command = {
    "vmexit", vmexit,
    "what leaving a virtual machine costs, and whether its ring 0 is interpreted"};
REGISTER_COMMAND(vmexit_command);
