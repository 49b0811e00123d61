/* stage.c: the world of a switcher, its symbols, and the driver's frame. */
#include "engines/ia64sim/ia64sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef IA64_WORLDS
#define IA64_WORLDS "build/worlds/ia64"
#endif
enum { BOOT_LIMIT = 1000 * 1000, PATH = 512 };

const char *ia64sim_worlds(void) {
    static char beside[PATH]; /* beside the program, as the build and an installation have them */
    const char *named = getenv("IA64_WORLDS");
    if (named && *named) return named;
    ssize_t n = readlink("/proc/self/exe", beside, PATH - sizeof "/worlds/ia64");
    char *slash = n > 0 ? memrchr(beside, '/', (size_t)n) : NULL;
    if (slash) strcpy(slash, "/worlds/ia64");
    return slash && access(beside, R_OK) == 0 ? beside : IA64_WORLDS;
}

static const char *const names[PLACES] = {
    [DRIVER_ALLOC] = "driver_alloc",
    [DRIVER_CALL] = "driver_call",
    [DRIVER_DONE] = "driver_done",
    [SWITCH_OUT] = "switch_out",
    [SWITCH_PIP] = "switch_pip",
    [SWITCH_BACK] = "switch_back",
    [SWITCH_FP_USED] = "switch_fp_used",
    [SWITCH_END] = "switch_end",
    [VM_ENTER] = "vm_enter",
    [VM_VECTORS] = "vm_vectors",
    [VM_DISABLED_FP] = "vm_disabled_fp",
    [VM_FP_LENT] = "vm_fp_lent",
    [VM_FILLS_STACK] = "vm_fills_stack",
    [VM_FILLED_STACK] = "vm_filled_stack",
    [RESUME_TICK] = "resume_tick",
    [HOST_RESUME] = "host_resume",
    [HOST_CONTEXT] = "host_context",
    [TICKS] = "ticks",
    [CALLER_STORES_FP] = "caller_stores_fp",
    [CALLER_LOADS_FP] = "caller_loads_fp",
    [CALLER_FP] = "caller_fp",
    [CODE_BEGIN] = "code_begin",
    [CODE_END] = "code_end",
};

static const char *stop_name(enum ia64_stop stop) {
    static const char *const stops[] = {
        [IA64_STOP_LIMIT] = "it did not get there within the limit",
        [IA64_STOP_ADDRESS] = "it got there",
        [IA64_STOP_EXIT] = "the world ended early",
        [IA64_STOP_UNIMPLEMENTED] = "the simulator stopped",
        [IA64_STOP_MEMORY] = "the memory limit is reached",
        [IA64_STOP_HOOK] = "stopped by the lab",
        [IA64_STOP_LOST] = "interruptions without end",
    };
    return stops[stop];
}

static void describe(const struct ia64 *m, enum ia64_stop stop, const char *what, char why[WHY]) {
    uint64_t offset = 0;
    const char *symbol = ia64_symbol_at(m, ia64_ip(m), &offset);
    char end[32] = "";
    if (stop == IA64_STOP_EXIT) snprintf(end, sizeof end, " with status %d", ia64_exit_status(m));
    snprintf(why, WHY,
             "%.60s: %s%s; last state: ip 0x%" PRIx64 ".%u (%.30s+0x%" PRIx64 ") psr 0x%" PRIx64
             " after %" PRIu64 " instructions%s%.60s",
             what, stop_name(stop), end, ia64_ip(m), ia64_slot(m), symbol ? symbol : "?", offset,
             ia64_psr(m), ia64_count(m), ia64_message(m)[0] ? ": " : "", ia64_message(m));
}

void stage_failed(struct stage *stage, const struct ia64 *m, enum ia64_stop stop,
                  const char *what) {
    describe(m, stop, what, stage->why);
}

/* alloc r1=ar.pfs,0,SIZE,0,0 (M34): sof is bits 13 to 19 of the slot, sol bits 20 to 26; the slot
 * is the first of its bundle */
static bool set_frame(struct ia64 *m, uint64_t address, unsigned size) {
    enum { SLOT_0 = 5, SOF = SLOT_0 + 13, SOL = SLOT_0 + 20 };
    uint64_t word;
    ia64_read_memory(m, address, &word, sizeof word);
    word &= ~(UINT64_C(0x3fff) << SOF);
    word |= (uint64_t)size << SOF | (uint64_t)size << SOL;
    return ia64_write_memory(m, address, &word, sizeof word);
}

/* cr16-25 are the host's own only while psr.ic is 0, which a switcher that keeps them sees to */
static bool is_x(const struct ia64_row *row, enum duty_kind duty) {
    return row->class == IA64_ROW_bank0 || (row->class == IA64_ROW_icr && duty == SAVED);
}

static void read_contract(struct stage *stage) {
    stage->collects = true;
    for (size_t i = 0; i < stage->file->count; i++) {
        stage->duty[i] = contract_clause(&stage->switcher->contract, &stage->file->reg[i])->duty;
        stage->x[i] = is_x(&ia64_register_rows[i], stage->duty[i]);
        stage->partner[i] = stage->duty[i] != SHARED;
        if (ia64_register_rows[i].class == IA64_ROW_icr && stage->x[i]) stage->collects = false;
    }
}

static bool load(struct stage *stage, const char *world, unsigned frame) {
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s.elf", ia64sim_worlds(), world);
    if (ia64_load_elf(stage->host, path)) {
        snprintf(stage->why, WHY,
                 "no world: %s; `make worlds` builds it (package binutils-ia64-linux-gnu)",
                 ia64_message(stage->host));
        return false;
    }
    for (int i = 0; i < PLACES; i++)
        if (!ia64_symbol(stage->host, names[i], &stage->place[i])) {
            snprintf(stage->why, WHY, "%.200s: no symbol %s: not a world of this lab", path,
                     names[i]);
            return false;
        }
    if (!set_frame(stage->host, stage->place[DRIVER_ALLOC], frame)) return false;
    enum ia64_stop stop = ia64_run_until(stage->host, stage->place[DRIVER_CALL], BOOT_LIMIT);
    if (stop == IA64_STOP_ADDRESS) return true;
    stage_failed(stage, stage->host, stop, "the world on its way to the driver's call");
    return false;
}

bool stage_open(struct stage *stage, const struct switcher *switcher, unsigned frame) {
    const struct ia64_switcher *other = switcher->other;
    *stage = (struct stage){
        .switcher = switcher, .file = switcher->contract.file, .host = ia64_new(NULL)};
    if (!stage->host) {
        snprintf(stage->why, WHY, "no memory for a machine");
        return false;
    }
    read_contract(stage);
    if (load(stage, other->world, frame)) return true;
    stage_close(stage);
    return false;
}

void stage_close(struct stage *stage) {
    ia64_free(stage->host);
    stage->host = NULL;
}

const char *ia64sim_run_world(struct stage *stage, FILE *console, uint64_t limit) {
    const struct ia64_switcher *other = stage->switcher->other;
    struct ia64_config config = {.console_out = console};
    struct ia64 *m = ia64_new(&config);
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s.elf", ia64sim_worlds(), other->world);
    if (!m) return "no memory for a machine";
    const char *why = stage->why;
    if (ia64_load_elf(m, path)) {
        snprintf(stage->why, WHY, "%s", ia64_message(m));
    } else {
        enum ia64_stop stop = ia64_run(m, limit);
        stage_failed(stage, m, stop, "the whole world");
        if (stop == IA64_STOP_EXIT && ia64_exit_status(m) == 0) why = NULL;
    }
    ia64_free(m);
    return why;
}
