/* counters_perf.c: the counters of this CPU. Events by libpfm4's names, each opened with
 * perf_event_open and pinned, read in user space with rdpmc by the protocol of the page that the
 * kernel maps for it. */
#include "engines/native/counters.h"

#include <errno.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, TRIES = 1000, UNKNOWN_PARANOID = 99 };

static struct opened {
    int fd;
    struct perf_event_mmap_page *page; /* NULL: missing */
    char why[320];
} opened[COUNTERS];

/* ---- reading ---- */

#define ONCE(x)   (*(const volatile __typeof__(x) *)&(x))
#define BARRIER() __asm__ volatile("" ::: "memory")

struct snapshot {
    uint64_t enabled, running, hardware;
    int64_t offset;
    uint32_t index;
    uint16_t width;
    bool permitted;
};

/* consistent, or false when the kernel was writing all the time */
static bool snapshot(const struct perf_event_mmap_page *page, uint64_t (*rdpmc)(uint32_t),
                     struct snapshot *s) {
    for (int i = 0; i < TRIES; i++) {
        uint32_t sequence = ONCE(page->lock);
        BARRIER();
        s->enabled = ONCE(page->time_enabled);
        s->running = ONCE(page->time_running);
        s->offset = ONCE(page->offset);
        s->index = ONCE(page->index);
        s->width = ONCE(page->pmc_width);
        s->permitted = page->cap_user_rdpmc;
        if (s->index && s->permitted) s->hardware = rdpmc(s->index - 1);
        BARRIER();
        if (!(sequence & 1) && ONCE(page->lock) == sequence) return true;
    }
    return false;
}

static int64_t sign_extend(uint64_t value, unsigned bits) {
    unsigned unused = bits && bits < 64 ? 64 - bits : 0;
    return (int64_t)(value << unused) >> unused;
}

const char *counters_read_page(const struct perf_event_mmap_page *page, uint64_t (*rdpmc)(uint32_t),
                               uint64_t *value) {
    struct snapshot s = {0};
    if (!snapshot(page, rdpmc, &s))
        return "the counter's page never was at rest: its sequence lock stays odd or changes";
    if (!s.permitted)
        return "rdpmc is not permitted in user code: set /sys/bus/event_source/devices/cpu/rdpmc "
               "to 1";
    if (s.enabled != s.running)
        return "the counter was multiplexed with others, so its value is not exact: stop other "
               "users of counters (perf, NMI watchdog)";
    if (!s.index)
        return "the counter is not on the CPU: another user has taken it (perf, NMI watchdog)";
    *value = (uint64_t)s.offset + (uint64_t)sign_extend(s.hardware, s.width);
    return NULL;
}

static const char *read_counters(uint64_t values[COUNTERS]) {
    for (int c = 0; c < COUNTERS; c++) {
        const char *why =
            opened[c].page ? counters_read_page(opened[c].page, counter_rdpmc, &values[c]) : NULL;
        if (why) return why;
    }
    return NULL;
}

/* ---- opening ---- */

static int paranoid_level(void) {
    int level = UNKNOWN_PARANOID;
    FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "r");
    if (!file) return level;
    if (fscanf(file, "%d", &level) != 1) level = UNKNOWN_PARANOID;
    fclose(file);
    return level;
}

const char *counters_explain(int error, const char *event, int paranoid) {
    static char reason[320];
    switch (error) {
    case EACCES:
    case EPERM:
        snprintf(reason, sizeof reason,
                 "%s: no permission to count (kernel.perf_event_paranoid is %d): run `sysctl "
                 "kernel.perf_event_paranoid=2` "
                 "as root, or give the program CAP_PERFMON",
                 event, paranoid);
        break;
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
    case ENXIO:
        snprintf(reason, sizeof reason,
                 "%s: this machine offers no such counter (a virtual machine mostly has no PMU): "
                 "run on bare metal, or enable the "
                 "virtual PMU",
                 event);
        break;
    case ENOSYS:
        snprintf(reason, sizeof reason,
                 "%s: this kernel is built without perf events (CONFIG_PERF_EVENTS)", event);
        break;
    case EMFILE:
    case EBUSY:
        snprintf(reason, sizeof reason, "%s: %s: stop other users of counters (perf, NMI watchdog)",
                 event, strerror(error));
        break;
    default:
        snprintf(reason, sizeof reason, "%s: perf_event_open: %s", event, strerror(error));
    }
    return reason;
}

/* whether this CPU has the event, by libpfm4 */
static bool encode(const char *event, struct perf_event_attr *attr) {
    *attr = (struct perf_event_attr){.size = sizeof *attr};
    pfm_perf_encode_arg_t arg = {.attr = attr, .size = sizeof arg};
    if (pfm_get_os_event_encoding(event, PFM_PLM3, PFM_OS_PERF_EVENT, &arg) != PFM_SUCCESS)
        return false;
    attr->exclude_kernel = attr->exclude_hv = 1;
    attr->pinned = 1; /* on the CPU or in error, never multiplexed in silence */
    return true;
}

static const char *open_event(const char *event, struct perf_event_attr *attr,
                              struct opened *counter) {
    counter->fd = (int)syscall(SYS_perf_event_open, attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (counter->fd < 0) return counters_explain(errno, event, paranoid_level());
    void *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, counter->fd, 0);
    if (page != MAP_FAILED) {
        counter->page = page;
        return NULL;
    }
    int error = errno;
    close(counter->fd);
    counter->fd = -1;
    return counters_explain(error, event, paranoid_level());
}

static void close_counters(void) {
    for (int c = 0; c < COUNTERS; c++) {
        if (opened[c].page) munmap(opened[c].page, PAGE);
        if (opened[c].fd >= 0) close(opened[c].fd);
        opened[c].page = NULL;
        opened[c].fd = -1;
    }
}

/* the first of its events that opens */
static void open_counter(enum counter which, struct opened *counter) {
    struct perf_event_attr attr;
    snprintf(counter->why, sizeof counter->why, "libpfm4 knows no such event of this CPU");
    for (const struct counter_event *e = counter_events; e->event && !counter->page; e++) {
        if (e->counter != which || !encode(e->event, &attr)) continue;
        const char *why = open_event(e->event, &attr, counter);
        if (why) snprintf(counter->why, sizeof counter->why, "%s", why);
    }
}

static const char *open_counters(void) {
    bool any = false;
    for (int c = 0; c < COUNTERS; c++)
        opened[c] = (struct opened){.fd = -1};
    if (pfm_initialize() != PFM_SUCCESS) return "libpfm4 knows no events for this CPU";
    for (int c = 0; c < COUNTERS; c++) {
        open_counter((enum counter)c, &opened[c]);
        any = any || opened[c].page;
    }
    return any ? NULL : opened[COUNTER_CYCLES].why;
}

static const char *missing(enum counter counter) {
    return opened[counter].page ? NULL : opened[counter].why;
}

const struct counter_source counters_perf = {
    .name = "perf",
    .open = open_counters,
    .missing = missing,
    .read = read_counters,
    .close = close_counters,
};
