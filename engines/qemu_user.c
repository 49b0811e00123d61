/* qemu-user: the user-mode switchers of another architecture, emulated. It checks, counts exactly
 * and removes each step; it has no clock, for an emulator's time is not a CPU's. */
#include "engines/qemu_user/qemu_user.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const struct guest guests[] = {
    {"aarch64", "qemu-aarch64", "gcc-aarch64-linux-gnu", aarch64_decode},
    {"riscv64", "qemu-riscv64", "gcc-riscv64-linux-gnu", riscv64_decode},
};
enum { GUESTS = sizeof guests / sizeof *guests };

const struct guest *guest_of(const char *arch) {
    for (int i = 0; i < GUESTS; i++)
        if (strcmp(guests[i].arch, arch) == 0) return &guests[i];
    return NULL;
}

/* one that is not there is a skip of this engine, when no other is there either */
static const char *unavailable(void) {
    const char *why = NULL;
    for (int i = 0; i < GUESTS; i++)
        if (!(why = guest_lacks(&guests[i]))) return NULL;
    return why;
}

bool kernel_place(const struct work *work, size_t *offset) {
    static struct native_code
        places; /* each function stands for its own offset, plus 1: NULL is no place */
    for (size_t i = 0; i + sizeof(kernel_fn *) <= offsetof(struct native_code, check);
         i += sizeof(kernel_fn *)) {
        uintptr_t place = i + 1;
        memcpy((char *)&places + i, &place, sizeof place);
    }
    struct switcher switcher = *work->switcher;
    switcher.native = &places;
    kernel_fn *chosen = work->experiment->kernel(&switcher, work->params);
    *offset = (uintptr_t)chosen - 1;
    return chosen != NULL;
}

static const char *rejects(const struct work *work) {
    static struct utsname name;
    size_t offset;
    if (!name.machine[0]) uname(&name);
    const struct guest *guest = guest_of(work->switcher->arch);
    if (!guest) return "it has no target program for this architecture";
    if (strcmp(guest->arch, name.machine) == 0)
        return "it is this machine's architecture: the native engine runs it";
    if (work->switcher->other || strcmp(work->switcher->mask, "none") != 0)
        return "it is not for user mode";
    if (work->experiment && !work->experiment->kernel)
        return "this engine can't interrupt at every boundary";
    if (work->experiment && !kernel_place(work, &offset))
        return "it has no kernel for this point of the experiment";
    return NULL;
}

static const struct engine qemu_user = {
    .name = "qemu-user",
    .summary = "another architecture's user mode, emulated: checks and exact counts, no clock",
    .unavailable = unavailable,
    .rejects = rejects,
    .check = qemu_user_check,
    .count = qemu_user_count,
    .mutate = qemu_user_mutate,
};
REGISTER_ENGINE(qemu_user);
