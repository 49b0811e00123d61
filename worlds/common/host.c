/* host.c: the host operating system, at the highest privilege (210 in Fig. 1): the tick, system
 * calls, and applications in a ring. Its handlers use X as they like [0013]. */
#include "worlds/common/stage.h"

struct application *current;
uint64_t ticks, switches, world_switches, simulated, x_lost;
uint8_t host_stack[STACK_BYTES] __attribute__((aligned(64)));

void serve_tick(const struct context *interrupted) {
    (void)interrupted;
    tick_take();
    ticks++;
    for (unsigned n = 0; n < ARCH_X; n++)
        x_write(n, x_legal(n, 0));
}

static void schedule(void) {
    current = current->next;
    switches++;
}

/* ---- system calls ---- */

static void world_ends(void) {
    print("\nhost: ");
    print_named("ticks", ticks);
    print("host: ");
    print_named("application switches", switches);
    print("host: ");
    print_named("world switches", world_switches);
    print("vm: ");
    print_named("simulated accesses", simulated);
    print("host: ");
    print_named("words of X lost", x_lost);
    finish();
}

static void leave_ring(void) {
    struct application *before = current;
    if (current->next == current) world_ends();
    while (before->next != current)
        before = before->next;
    before->next = current = current->next;
}

/* the host is interruptible while it works for an application */
static void call(uint64_t number, uint64_t argument) {
    struct application *caller = current;
    interrupts_on();
    switch (number) {
    case SYS_PUT:
        put_character((char)argument);
        break;
    case SYS_WORK: /* the tick arrives when the application goes on */
        interrupts_off();
        tick_now();
        break;
    case SYS_RUN_VM:
        context_set_result(&caller->context, driver());
        break;
    case SYS_EXIT:
        leave_ring();
        break;
    default:
        unexpected(&caller->context, "system call");
    }
    interrupts_off();
}

struct context *host_trap(struct context *c, enum cause cause) {
    if (trial_running) return trial_trap(c, cause);
    if (cause == CAUSE_TICK && context_privileged(c)) { /* goes on, and lost nothing but X */
        serve_tick(c);
        return c;
    }
    if (cause == CAUSE_OTHER || cause == CAUSE_PRIVILEGED || context_privileged(c))
        unexpected(c, "exception in the host");
    current->context = *c;
    if (cause == CAUSE_TICK) {
        serve_tick(c);
        schedule();
    } else {
        call(context_number(c), context_argument(c));
    }
    return &current->context;
}

/* ---- what the lab asks ---- */

static void stage(void) {
    applications_make();
    vm_make();
    context_continue(&current->context);
}

static void hang(void) {
    for (;;)
        __asm__ volatile("");
}

static void fault(void) {
    *(volatile uint64_t *)UINT64_C(0x0123456789abcdef) = 0; /* no address of any architecture */
    print("no exception came\n");
    world_exit(65);
}

static void (*const verbs[WORLD_VERBS])(void) = {
    [WORLD_STAGE] = stage,      [WORLD_CHECK] = trial_check,  [WORLD_MAP] = trial_map,
    [WORLD_CHAIN] = time_chain, [WORLD_TIME] = time_switches, [WORLD_MUTATE] = trial_mutate,
    [WORLD_HANG] = hang,        [WORLD_FAULT] = fault,
};

struct world_command world_command
    __attribute__((section(".data.command"), used)) = {.magic = WORLD_MAGIC};

void world_main(void) {
    const volatile struct world_command *asked =
        &world_command; /* changed in the file, unknown to the compiler */
    print("world " ARCH_NAME "\n");
    if (asked->verb < WORLD_VERBS) verbs[asked->verb]();
    print("unknown command\n");
    world_exit(66);
}
