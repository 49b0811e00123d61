/* vm.c: the virtual machine (Fig. 3 between A and B): its own vectors, the guest OS run as an
 * application below the host's privilege (316 in Fig. 2), the guest's accesses to X simulated
 * [0019], its time slice ended by the timer [0025]. */
#include "worlds/common/stage.h"

enum { SLICE = 8 }; /* simulated accesses after which the slice is over */

uint8_t vm_stack[STACK_BYTES] __attribute__((aligned(64)));
static uint8_t guest_stack[STACK_BYTES] __attribute__((aligned(64)));
static uint8_t guest_application_stack[STACK_BYTES] __attribute__((aligned(64)));

static struct {
    struct context context;     /* what runs: the guest OS or its application */
    struct context interrupted; /* the application's, while its OS serves its call */
    uint64_t x[ARCH_X];         /* the guest's own X */
    uint64_t vector;            /* the guest OS's function for calls */
    bool in_application;
} guest;

void vm_make(void) {
    context_make(&guest.context, LEVEL_GUEST_OS, guest_start, guest_stack + STACK_BYTES);
}

struct context *vm_run(void) {
    return &guest.context;
}

/* point B: resumption point, chosen by the reason [0034], and what I will bring [0028] */
static _Noreturn void back(const uint8_t *point, uint64_t information) {
    host_resume = (struct resume){(uint64_t)(uintptr_t)point, information};
    vm_back();
}

/* A call of the guest's application is its OS's: an interruption, as the CPU would deliver it. */
static void reflect(void) {
    uint64_t number = context_number(&guest.context), argument = context_argument(&guest.context);
    guest.interrupted = guest.context;
    guest.in_application = false;
    context_set_level(&guest.context, LEVEL_GUEST_OS);
    context_set_pc(&guest.context, guest.vector);
    context_set_stack(&guest.context, (uint64_t)(uintptr_t)(guest_stack + STACK_BYTES));
    context_set_argument(&guest.context, argument);
    context_set_number(&guest.context, number);
}

static void start_application(uint64_t entry) {
    context_set_level(&guest.context, LEVEL_APPLICATION);
    context_set_pc(&guest.context, entry);
    context_set_stack(&guest.context, (uint64_t)(uintptr_t)(guest_application_stack + STACK_BYTES));
    guest.in_application = true;
}

static void return_to_application(uint64_t result) {
    guest.context = guest.interrupted;
    context_set_result(&guest.context, result);
    guest.in_application = true;
}

static void call(uint64_t number, uint64_t argument) {
    switch (number) {
    case VM_PUT: /* the guest's console is the host's */
        back(resume_put, argument);
    case VM_STOP:
        back(resume_stop, argument);
    case VM_VECTOR:
        guest.vector = argument;
        break;
    case VM_RETURN:
        return_to_application(argument);
        break;
    case VM_START:
        start_application(argument);
        break;
    default:
        unexpected(&guest.context, "call of the virtual machine");
    }
}

static void simulate_access(void) {
    if (guest.in_application || !simulate(&guest.context, guest.x))
        unexpected(&guest.context, "the guest does what this virtual machine does not know");
    simulated++;
    if (simulated % SLICE == 0) tick_now(); /* it comes when the guest goes on */
}

struct context *vm_trap(struct context *c, enum cause cause) {
    if (trial_running) return trial_trap(c, cause);
    if (cause == CAUSE_TICK &&
        context_privileged(
            c)) { /* a switcher that does not mask: served as the host does, with X */
        serve_tick(c);
        return c;
    }
    if (cause == CAUSE_OTHER || context_privileged(c))
        unexpected(c, "exception in the virtual machine");
    guest.context = *c; /* saved just like the host would save an application [0024] */
    if (cause == CAUSE_TICK) {
        tick_keep();
        back(resume_tick, 0);
    }
    if (cause == CAUSE_PRIVILEGED)
        simulate_access();
    else if (guest.in_application)
        reflect();
    else
        call(context_number(c), context_argument(c));
    return &guest.context;
}
