/* ssc.c - simulator calls: break 0x80000 or 0x80001 with the number in r15, arguments in r32-r35
 * and the result in r8. Files live in one folder and are refused without it; time follows the
 * instructions. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"

enum { FILES = 16, PENDING = 16, CONNECTIONS = 32, REQUESTS = 1024, PATH_SIZE = 256 };

struct open_file { /* shared by copies of a machine; offsets come with each call */
    unsigned refs;
    int fd;
};

struct devices {
    struct ia64_config config;
    struct open_file *file[FILES];
    struct {
        unsigned fd, count;
    } pending[PENDING]; /* transfers that WAIT_COMPLETION has yet to see */
    unsigned pendings;
    struct {
        uint64_t type;
        unsigned vector;
    } connection[CONNECTIONS];
    unsigned connections;
};

struct devices *ia64_devices_new(const struct ia64_config *config) {
    struct devices *d = calloc(1, sizeof *d);

    if (d) d->config = *config;
    return d;
}

struct devices *ia64_devices_copy(struct devices *from) {
    struct devices *d = malloc(sizeof *d);

    if (!d) return NULL;
    *d = *from;
    for (int i = 0; i < FILES; i++)
        if (d->file[i]) d->file[i]->refs++;
    return d;
}

static bool close_file(struct devices *d, uint64_t fd) {
    if (fd >= FILES || !d->file[fd]) return false;
    if (!--d->file[fd]->refs) {
        close(d->file[fd]->fd);
        free(d->file[fd]);
    }
    d->file[fd] = NULL;
    return true;
}

void ia64_devices_free(struct devices *d) {
    if (!d) return;
    for (int i = 0; i < FILES; i++)
        close_file(d, i);
    free(d);
}

/* --- files ----------------------------------------------------------------------------------- */

/* Opens a path below root, component by component: neither ".." nor a symbolic link leads out. */
static int open_below(const char *root, char *path, int flags) {
    int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;

    for (char *next, *part = strtok_r(path, "/", &next); part && dir >= 0;) {
        char *following = strtok_r(NULL, "/", &next);

        if (!strcmp(part, "..")) break;
        fd = openat(dir, part, (following ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC);
        if (!following) break;
        close(dir);
        dir = fd;
        fd = -1;
        part = following;
    }
    if (dir >= 0) close(dir);
    return fd;
}

static void read_string(struct ia64 *m, uint64_t address, char *to, size_t size) {
    ia64_peek(m, address, to, size - 1);
    to[size - 1] = 0;
}

static int64_t open_call(struct ia64 *m, uint64_t name, uint64_t access) {
    static const int flags[] = {[1] = O_RDONLY, [2] = O_WRONLY, [3] = O_RDWR};
    struct devices *d = m->devices;
    char path[PATH_SIZE];
    int i, fd;

    if (!d->config.root || access < 1 || access > 3) return -1;
    read_string(m, name, path, sizeof path);
    for (i = 3; i < FILES && d->file[i]; i++)
        ;
    if (i == FILES) return -1;
    fd = open_below(d->config.root, path, flags[access]);
    if (fd < 0) return -1;
    d->file[i] = malloc(sizeof *d->file[i]);
    if (!d->file[i]) {
        close(fd);
        return -1;
    }
    *d->file[i] = (struct open_file){1, fd};
    return i;
}

struct request {
    uint64_t address;
    uint32_t size, unused;
};

static int64_t read_part(struct ia64 *m, int fd, const struct request *r) {
    char buffer[PAGE_SIZE];
    uint32_t done = 0;

    while (done < r->size) {
        uint32_t n = r->size - done < sizeof buffer ? r->size - done : sizeof buffer;
        ssize_t got = read(fd, buffer, n);

        if (got < 0) return -1;
        if (!got) break;
        if (!ia64_poke(m, r->address + done, buffer, got)) return -1;
        done += got;
    }
    return done;
}

static int64_t write_part(struct ia64 *m, int fd, const struct request *r) {
    char buffer[PAGE_SIZE];
    uint32_t done = 0;

    while (done < r->size) {
        uint32_t n = r->size - done < sizeof buffer ? r->size - done : sizeof buffer;
        ssize_t put;

        ia64_peek(m, r->address + done, buffer, n);
        put = write(fd, buffer, n);
        if (put <= 0) return -1;
        done += put;
    }
    return done;
}

/* READ and WRITE: `n` requests of an array, one after the other from `offset` of the file. */
static int64_t transfer(struct ia64 *m, uint64_t fd, uint64_t n, uint64_t array, uint64_t offset,
                        int64_t (*part)(struct ia64 *, int, const struct request *)) {
    struct devices *d = m->devices;
    unsigned total = 0;

    if (fd >= FILES || !d->file[fd] || n > REQUESTS || d->pendings == PENDING) return -1;
    if (lseek(d->file[fd]->fd, offset, SEEK_SET) < 0) return -1;
    for (uint64_t i = 0; i < n; i++) {
        struct request r;
        int64_t got;

        ia64_peek(m, array + i * sizeof r, &r, sizeof r);
        got = part(m, d->file[fd]->fd, &r);
        if (got < 0) return -1;
        total += got;
        if (got < r.size) break;
    }
    d->pending[d->pendings].fd = fd;
    d->pending[d->pendings++].count = total;
    return 0;
}

/* The status at `address` names a file; its oldest finished transfer fills in the count. */
static int64_t wait_completion(struct ia64 *m, uint64_t address) {
    struct devices *d = m->devices;
    uint32_t status[2];

    ia64_peek(m, address, status, sizeof status);
    for (unsigned i = 0; i < d->pendings; i++)
        if (d->pending[i].fd == status[0]) {
            status[1] = d->pending[i].count;
            memmove(&d->pending[i], &d->pending[i + 1], (--d->pendings - i) * sizeof *d->pending);
            return ia64_poke(m, address, status, sizeof status) ? 0 : -1;
        }
    return -1;
}

/* --- the rest -------------------------------------------------------------------------------- */

/* The arguments behind the program's name, a space after each. */
static int64_t get_args(struct ia64 *m, uint64_t address) {
    const struct ia64_config *c = &m->devices->config;
    uint64_t at = address;

    for (int i = 1; i < c->argc; i++) {
        size_t n = strlen(c->argv[i]);

        if (!ia64_poke(m, at, c->argv[i], n) || !ia64_poke(m, at + n, " ", 1)) return -1;
        at += n + 1;
    }
    return at - address;
}

static int64_t get_initramfs(struct ia64 *m, uint64_t address) {
    const char *name = m->devices->config.initramfs;
    FILE *f = name ? fopen(name, "rb") : NULL;
    char buffer[PAGE_SIZE];
    uint64_t at = address;
    size_t n;

    while (f && (n = fread(buffer, 1, sizeof buffer, f)) > 0) {
        if (!ia64_poke(m, at, buffer, n)) break;
        at += n;
    }
    if (f) fclose(f);
    return at - address;
}

/* A clock of 10^9 instructions a second that begins with 1970. */
static void get_rtc(struct ia64 *m, uint64_t address) {
    time_t t = m->count / 1000000000;
    struct tm tm;
    uint32_t time[8];

    gmtime_r(&t, &tm);
    time[0] = tm.tm_year;
    time[1] = tm.tm_mon;
    time[2] = tm.tm_mday;
    time[3] = tm.tm_hour;
    time[4] = tm.tm_min;
    time[5] = tm.tm_sec;
    time[6] = m->count / 1000000 % 1000;
    time[7] = tm.tm_wday;
    ia64_poke(m, address, time, sizeof time);
}

static void connect_interrupt(struct devices *d, uint64_t type, unsigned vector) {
    unsigned i;

    for (i = 0; i < d->connections && d->connection[i].type != type; i++)
        ;
    if (i == CONNECTIONS) return;
    if (i == d->connections) d->connections++;
    d->connection[i].type = type;
    d->connection[i].vector = vector;
}

static void generate_interrupt(struct ia64 *m, uint64_t type) {
    struct devices *d = m->devices;

    for (unsigned i = 0; i < d->connections; i++)
        if (d->connection[i].type == type) ia64_pend(m, d->connection[i].vector);
}

static int64_t get_char(struct devices *d) {
    int c = d->config.console_in ? getc(d->config.console_in) : EOF;

    return c == EOF ? 0 : c;
}

static void stop(struct ia64 *m, uint64_t status) {
    m->exit_status = status & 255;
    m->stop = IA64_STOP_EXIT;
}

/* clang-format off */
enum {
    STOP = 0, CONSOLE_INIT = 20, GETCHAR = 21, PUTCHAR = 31, OPEN = 50, CLOSE, READ, WRITE,
    WAIT_COMPLETION = 55, CONNECT_INTERRUPT = 58, GENERATE_INTERRUPT, GET_RTC = 65, EXIT,
    GET_ARGS = 75, GET_INITRAMFS = 77,
};
/* clang-format on */

/* False: there is no such call. */
static bool call(struct ia64 *m, uint64_t number) {
    struct devices *d = m->devices;
    uint64_t a = gr(m, 32), b = gr(m, 33), c = gr(m, 34), e = gr(m, 35), *r8 = &m->gr[8];

    switch (number) {
    case STOP:
        stop(m, *r8);
        break;
    case EXIT:
        stop(m, *r8 = a);
        break;
    case CONSOLE_INIT:
        break;
    case GETCHAR:
        *r8 = get_char(d);
        break;
    case PUTCHAR:
        if (d->config.console_out) putc(a & 255, d->config.console_out);
        break;
    case OPEN:
        *r8 = open_call(m, a, b);
        break;
    case CLOSE:
        *r8 = close_file(d, a) ? 0 : -1;
        break;
    case READ:
        *r8 = transfer(m, a, b, c, e, read_part);
        break;
    case WRITE:
        *r8 = transfer(m, a, b, c, e, write_part);
        break;
    case WAIT_COMPLETION:
        *r8 = wait_completion(m, a);
        break;
    case CONNECT_INTERRUPT:
        connect_interrupt(d, a, b);
        break;
    case GENERATE_INTERRUPT:
        generate_interrupt(m, a);
        break;
    case GET_RTC:
        get_rtc(m, a);
        break;
    case GET_ARGS:
        *r8 = get_args(m, a);
        break;
    case GET_INITRAMFS:
        *r8 = get_initramfs(m, a);
        break;
    default:
        return false;
    }
    m->nat[8] = 0;
    return true;
}

const struct slot *ia64_simulator_call(struct ia64 *m, const struct slot *s) {
    uint64_t number = gr(m, 15);

    ia64_leave(m, s);
    if (!call(m, number))
        ia64_fail(m, IA64_STOP_UNIMPLEMENTED, "0x%llx.%u: simulator call %llu is not implemented",
                  (unsigned long long)m->ip, m->ri, (unsigned long long)number);
    else
        ia64_leave(m, s + 1);
    return NULL;
}
