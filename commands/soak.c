/* soak: switches by the hundred million under a real timer, whose handler switches too, with the
 * live values of both sides verified all along. */
#include "harness/command.h"
#include "harness/mask.h"
#include "harness/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PERIOD_US = 50,  /* 20 kHz */
    SLOW = 100,      /* a mask by system calls gets this part of the switches */
    CHUNK = 1 << 17, /* round trips between two reports */
    INTACT = 0,
    LOST = 1,
};

/* what the child leaves for its parent, even when it crashes */
struct soaked {
    uint64_t round_trips;
    double seconds;
    struct mask_counts counts;
};

static const struct native_code *soaked_code;

/* one preemption a side at a time (mask.h) */
static void preempt(void) {
    static volatile bool preempted[2];
    int side = kernel_side();
    if (!kernel_preemptible || preempted[side]) return;
    preempted[side] = true;
    mask_open();
    soaked_code->yield[side]();
    mask_close();
    preempted[side] = false;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static _Noreturn void child(const struct switcher *s, uint64_t round_trips, unsigned limit,
                            struct soaked *out) {
    const struct itimerval timer = {{0, PERIOD_US}, {0, PERIOD_US}};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){limit, limit}); /* a switch that hangs */
    soaked_code = s->native;
    mask_work = preempt;
    sigaction(SIGALRM, &(struct sigaction){.sa_sigaction = mask_handler, .sa_flags = SA_SIGINFO},
              NULL);
    bool intact = true;
    double start = now();
    setitimer(ITIMER_REAL, &timer, NULL);
    while (intact && out->round_trips < round_trips) {
        intact = s->native->soak(CHUNK);
        out->round_trips += CHUNK;
        out->counts = mask_counts;
        out->seconds = now() - start;
    }
    _exit(intact ? INTACT : LOST);
}

static void describe_end(int status, char text[96]) {
    if (WIFSIGNALED(status))
        snprintf(text, 96, "CORRUPTED: %s", strsignal(WTERMSIG(status)));
    else
        snprintf(text, 96, "%s",
                 WEXITSTATUS(status) == INTACT ? "intact" : "CORRUPTED: a live value was lost");
}

/* whether it went as it must: an unmasked switch fails, or the soak proves nothing */
static bool soak_one(const struct switcher *s, uint64_t switches, unsigned limit) {
    struct soaked *out =
        mmap(NULL, sizeof *out, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (out == MAP_FAILED) {
        perror("switchlab soak: no shared memory");
        return false;
    }
    bool unmasked = strcmp(s->mask, "none") == 0;
    uint64_t round_trips = switches / 2 / (strcmp(s->mask, "sigprocmask") == 0 ? SLOW : 1);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) child(s, round_trips, limit, out);
    int status = 0;
    char end[96];
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        perror("switchlab soak: no child");
        return false;
    }
    describe_end(status, end);
    bool intact = WIFEXITED(status) && WEXITSTATUS(status) == INTACT,
         proves = out->counts.inside > 0;
    bool good = unmasked ? !intact : intact && proves;
    printf(
        "%-4s %-11s %-11s %-4s %13llu switches in %6.1f s, %8llu interrupts, %7llu inside; %s%s\n",
        good ? "pass" : "fail", s->name, s->mask, s->transfer, 2ull * out->round_trips,
        out->seconds, (unsigned long long)out->counts.interrupts,
        (unsigned long long)out->counts.inside, end,
        unmasked  ? intact ? ", though unmasked: the soak is too short to prove anything"
                           : ", as it must without a mask"
        : !proves ? "; no interrupt landed inside: this proves nothing"
                  : "");
    fflush(stdout);
    munmap(out, sizeof *out);
    return good;
}

static int soak(int argc, char **argv) {
    struct options o;
    options_parse(&o, "soak",
                  "Switches under a 20 kHz timer whose handler switches away; verifies live values "
                  "all along. --iterations: "
                  "switches (sigprocmask: a hundredth).",
                  "smtanl", argc, argv);
    struct choice choice;
    int run = 0, wrong = 0;
    bool chosen = choose(&choice, &o);
    for (const struct switcher **s = choice.switchers; chosen && *s; s++) {
        const char *why = (*s)->unavailable ? (*s)->unavailable() : NULL;
        if (!(*s)->native || !(*s)->native->soak) continue;
        if (why) {
            printf("skip %-11s %-11s %s\n", (*s)->name, (*s)->mask, why);
            continue;
        }
        wrong += !soak_one(*s, o.iterations, o.seconds);
        run++;
    }
    choice_free(&choice);
    if (!chosen) return EXIT_WRONG_USE;
    if (!run) fprintf(stderr, "switchlab soak: none of these switchers can be interrupted\n");
    return !run ? EXIT_SKIPPED : wrong ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static const struct command soak_command = {
    "soak", soak, "switches under a real timer that preempts them, verified all along"};
REGISTER_COMMAND(soak_command);
