/* machine.c: a virtual machine from a world's ELF file, and its loop until the world ends or its
 * time is over. */
#include "engines/kvm/kvm.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static int by_name(const struct kvm_cpu *a, const struct kvm_cpu *b) {
    return strcmp(a->name, b->name);
}
DEFINE_REGISTRY(kvm_cpu, by_name)

static const char *host(void) {
    static struct utsname name;
    if (!name.machine[0]) uname(&name);
    return name.machine;
}

const struct kvm_cpu *kvm_cpu_of_host(void) {
    return kvm_cpu_find(host());
}

/* what to do about a /dev/kvm that does not open */
static const struct {
    int number;
    const char *advice;
} advices[] = {
    {ENOENT, "; a module of the kernel makes it (kvm_amd, kvm_intel), and in a virtual machine its "
             "hypervisor has to allow it"},
    {EACCES, "; root may open it, and the group that ls -l /dev/kvm shows"},
};

static const char *advice(int number) {
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].number == number) return advices[i].advice;
    return "";
}

const char *kvm_missing(void) {
    static char why[256];
    if (!kvm_cpu_of_host()) {
        snprintf(why, sizeof why,
                 "the lab's runner has no form for %s, there is no engines/kvm/%s.c; qemu runs the "
                 "worlds, without cycles",
                 host(), host());
        return why;
    }
    int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        snprintf(why, sizeof why, "/dev/kvm can't be opened: %s%s", strerror(errno), advice(errno));
        return why;
    }
    int version = ioctl(fd, KVM_GET_API_VERSION, 0);
    close(fd);
    return version == KVM_API_VERSION ? NULL
                                      : "/dev/kvm does not speak version 12 of its interface";
}

/* ---- making ---- */

static bool failed(struct vm *vm, const char *what) {
    snprintf(vm->why, WORLD_WHY, "%s: %s", what, strerror(errno));
    return false;
}

static bool make(struct vm *vm, const struct kvm_cpu *cpu) {
    vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (vm->kvm < 0) return failed(vm, "/dev/kvm");
    vm->vm = ioctl(vm->kvm, KVM_CREATE_VM, 0);
    if (vm->vm < 0) return failed(vm, "KVM_CREATE_VM");
    vm->memory = mmap(NULL, KVM_MEMORY, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (vm->memory == MAP_FAILED)
        return vm->memory = NULL, failed(vm, "memory of the virtual machine");
    const struct kvm_userspace_memory_region region = {.guest_phys_addr = cpu->base,
                                                       .memory_size = KVM_MEMORY,
                                                       .userspace_addr =
                                                           (uint64_t)(uintptr_t)vm->memory};
    if (ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &region))
        return failed(vm, "KVM_SET_USER_MEMORY_REGION");
    vm->cpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
    if (vm->cpu < 0) return failed(vm, "KVM_CREATE_VCPU");
    int bytes = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    if (bytes <= 0) return failed(vm, "KVM_GET_VCPU_MMAP_SIZE");
    vm->run_bytes = (size_t)bytes;
    vm->run = mmap(NULL, vm->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vm->cpu, 0);
    if (vm->run == MAP_FAILED) return vm->run = NULL, failed(vm, "kvm_run");
    return true;
}

static void unmake(struct vm *vm) {
    if (vm->run) munmap(vm->run, vm->run_bytes);
    if (vm->memory) munmap(vm->memory, KVM_MEMORY);
    const int fds[] = {vm->cpu, vm->vm, vm->kvm};
    for (int i = 0; i < 3; i++)
        if (fds[i] >= 0) close(fds[i]);
}

/* The lab's own file, but it may be another one: everything in it is looked at before it is used.
 */
static bool load(struct vm *vm, const struct world_file *w, uint64_t base, uint64_t *entry) {
    Elf64_Ehdr h;
    snprintf(vm->why, WORLD_WHY, "the world is no ELF executable that fits into %d MiB",
             KVM_MEMORY >> 20);
    if (w->size < sizeof h) return false;
    memcpy(&h, w->bytes, sizeof h);
    if (memcmp(h.e_ident, ELFMAG, SELFMAG) || h.e_ident[EI_CLASS] != ELFCLASS64 ||
        h.e_phoff > w->size || h.e_phnum > (w->size - h.e_phoff) / sizeof(Elf64_Phdr))
        return false;
    for (unsigned i = 0; i < h.e_phnum; i++) {
        Elf64_Phdr p;
        memcpy(&p, w->bytes + h.e_phoff + i * sizeof p, sizeof p);
        uint64_t at = p.p_paddr - base;
        if (p.p_type != PT_LOAD) continue;
        if (at > KVM_MEMORY || p.p_memsz > KVM_MEMORY - at || p.p_filesz > p.p_memsz ||
            p.p_offset > w->size || p.p_filesz > w->size - p.p_offset)
            return false;
        memcpy(vm->memory + at, w->bytes + p.p_offset, p.p_filesz);
    }
    *entry = h.e_entry;
    vm->why[0] = 0;
    return true;
}

void vm_print(struct vm *vm, char c) {
    enum { MOST = 4 << 20 };
    if (vm->used + 2 > vm->room && vm->room < MOST) {
        char *more = realloc(vm->text, vm->room + 65536);
        if (!more) return;
        vm->text = more;
        vm->room += 65536;
    }
    if (vm->used + 2 > vm->room) return;
    vm->text[vm->used++] = c;
    vm->text[vm->used] = 0;
}

/* ---- running ---- */

static struct kvm_run *running;
static volatile sig_atomic_t time_is_over;

/* KVM_RUN returns when immediate_exit is set; a signal that comes just before it is not lost that
 * way */
static void on_alarm(int number) {
    (void)number;
    time_is_over = 1;
    if (running) running->immediate_exit = 1;
}

static struct timeval duration(double seconds) {
    return (struct timeval){(time_t)seconds,
                            (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)};
}

/* The limit is of processor time, which a busy machine does not shorten; of a virtual CPU that
 * sleeps, some more on the clock. */
static void set_alarm(double seconds) {
    enum { PATIENCE = 4 };
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    sigaction(SIGPROF, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    setitimer(ITIMER_PROF, &(struct itimerval){.it_value = duration(seconds)}, NULL);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = duration(PATIENCE * seconds)}, NULL);
}

/* False: time is over, or the world can't go on */
static bool go(struct vm *vm, const struct kvm_cpu *cpu) {
    while (!time_is_over) {
        cpu->prepare(vm);
        if (ioctl(vm->cpu, KVM_RUN, 0) && errno != EINTR && errno != EAGAIN)
            return failed(vm, "KVM_RUN");
        if (time_is_over) break;
        if (!cpu->exited(vm)) return vm->status >= 0;
    }
    return false;
}

static void run(struct vm *vm, const struct kvm_cpu *cpu, struct world_end *end) {
    char registers[WORLD_WHY / 2];
    running = vm->run;
    time_is_over = 0;
    set_alarm(world_seconds());
    bool ended = go(vm, cpu);
    set_alarm(0);
    running = NULL;
    end->text = vm->text ? vm->text : strdup("");
    if (ended) {
        world_ended(end, vm->status);
        return;
    }
    cpu->registers(vm, registers, sizeof registers);
    end->hung = time_is_over;
    if (end->hung)
        snprintf(end->why, WORLD_WHY, "kvm: it did not end within %g s; last registers: %s",
                 world_seconds(), registers);
    else
        snprintf(end->why, WORLD_WHY, "kvm: %.300s; last registers: %s", vm->why, registers);
}

void kvm_run_world(const struct world_file *w, struct world_end *end) {
    const struct kvm_cpu *cpu = kvm_cpu_of_host();
    struct vm vm = {.kvm = -1, .vm = -1, .cpu = -1, .status = -1, .pending = -1};
    uint64_t entry;
    if (make(&vm, cpu) && load(&vm, w, cpu->base, &entry) && cpu->boot(&vm, entry))
        run(&vm, cpu, end);
    else
        snprintf(end->why, WORLD_WHY, "kvm: %.900s", vm.why);
    unmake(&vm);
}
