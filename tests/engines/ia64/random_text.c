/* Random numbers, registers and lines of random programs; see random_text.h. */
#include "random_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "random_rows.h"

/* --- random values ------------------------------------------------------------------------------
 */

uint64_t next(struct stream *s) { /* splitmix64 */
    uint64_t z = s->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

unsigned below(struct stream *s, unsigned n) {
    return (unsigned)(next(s) >> 32) % n;
}

bool chance(struct stream *s, unsigned percent) {
    return below(s, 100) < percent;
}

uint64_t word(struct stream *s) {
    static const uint64_t corners[] = {
        0,
        1,
        2,
        63,
        64,
        0xff,
        0x7f,
        0x80,
        0x7fff,
        0x8000,
        0xffff,
        0x7fffffff,
        0x80000000,
        0xffffffff,
        UINT64_C(0x7fffffffffffffff),
        UINT64_C(0x8000000000000000),
        UINT64_MAX,
        UINT64_MAX - 1,
        UINT64_C(0x8080808080808080),
        UINT64_C(0x7fff80007fff8000),
        UINT64_C(0x3ff0000000000000),
        UINT64_C(0x7ff0000000000000),
        UINT64_C(0x7ff8000000000001),
        UINT64_C(0x0000000000000fff),
        UINT64_C(0x3f8000007f800000),
        UINT64_C(0xbf80000000000001),
        UINT64_C(0x0009804c0270033f),
    };
    switch (below(s, 6)) {
    case 0:
        return corners[below(s, COUNT(corners))];
    case 1:
        return next(s) >> below(s, 64);
    case 2:
        return UINT64_C(1) << below(s, 64);
    case 3:
        return ~(next(s) >> below(s, 64));
    default:
        return next(s);
    }
}

static int64_t signed_bits(struct stream *s, unsigned bits) {
    return (int64_t)(word(s) << (64 - bits)) >> (64 - bits);
}

/* --- registers ----------------------------------------------------------------------------------
 */

/* Two locals keep ar.pfs and b0 of the caller; they lie above the rotating part. */
unsigned saved_pfs(const struct stream *s) {
    return 32 + s->frame.locals - 1;
}
unsigned saved_b0(const struct stream *s) {
    return 32 + s->frame.locals - 2;
}

unsigned gr_source(struct stream *s) {
    unsigned size = s->frame.locals + s->frame.out;
    return size && chance(s, 55) ? 32 + below(s, size) : below(s, 32);
}

unsigned gr_destination(struct stream *s) {
    unsigned r;
    do
        r = !s->safe && chance(s, 1) ? 32 + below(s, 96) : gr_source(s);
    while (r == 0 || r == s->base || r == saved_pfs(s) || r == saved_b0(s) || s->reserved[r]);
    return r;
}

/* A destination that does not fault, for an address: not one that handlers change under bank 0. */
unsigned gr_in_frame(struct stream *s) {
    bool safe = s->safe;
    unsigned r;
    s->safe = true;
    do
        r = gr_destination(s);
    while (s->bank0 && r >= 16 && r < 32);
    s->safe = safe;
    return r;
}

unsigned fr_destination(struct stream *s) {
    return 2 + below(s, chance(s, 50) ? 14 : 126);
}

unsigned fr_source(struct stream *s) {
    return chance(s, 4) ? below(s, 2) : fr_destination(s);
}

unsigned predicate(struct stream *s) {
    return s->in_loop ? below(s, 16) : below(s, chance(s, 70) ? 16 : 64);
}

/* --- text ---------------------------------------------------------------------------------------
 */

void emit(struct stream *s, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputc('\t', s->to);
    vfprintf(s->to, format, arguments);
    fputc('\n', s->to);
    va_end(arguments);
    s->cost++;
}

/* Puts an address of 2^size bytes into a register and returns it: inside `data`, now and then
 * unaligned, half of the time made from a register's value. */
static unsigned address(struct stream *s, unsigned size) {
    unsigned r = gr_in_frame(s), offset = below(s, DATA_BYTES / 2 - 64) >> size << size;
    unsigned skew = !s->safe && size && chance(s, 3) ? 1 + below(s, (1u << size) - 1) : 0;
    if (s->virtual && chance(s, 70))
        emit(s, "movl r%u=0x2000000000000000+%u", r, below(s, PAGES) * 4096 + offset % 4032 + skew);
    else
        emit(s, "movl r%u=data+%u", r, offset + skew);
    if (!s->safe && chance(s, 30))
        emit(s, "dep r%u=r%u,r%u,%u,%u", r, gr_source(s), r, size, 11 - size);
    return s->base = r;
}

/* Under debug registers in the lower half of 16 bytes: Ski's IFA of cmp8xchg16 is always that. */
static void plain_address(struct stream *s) {
    unsigned unit = s->watched ? 16 : 8;
    s->base = gr_in_frame(s);
    emit(s, "movl r%u=data+%u", s->base, below(s, DATA_BYTES / unit) * unit);
}

static void plain_load(struct stream *s, unsigned f) {
    plain_address(s);
    emit(s, "ldfd f%u=[r%u]", f, s->base);
}

static const char *immediate(struct stream *s, const char *bits, char *to, bool is_signed) {
    unsigned n = (unsigned)strtoul(bits, (char **)&bits, 10);
    if (n == 64)
        sprintf(to, "0x%llx", (unsigned long long)word(s));
    else if (is_signed)
        sprintf(to, "%lld",
                (long long)(n == 44 ? signed_bits(s, 44) & ~0xffff : signed_bits(s, n)));
    else
        sprintf(to, "%u", below(s, 1u << n));
    return bits;
}

/* Fills in one operand; returns what follows its letters in the row. */
static const char *operand(struct stream *s, const char *row, char *to) {
    unsigned a, b;
    switch (*row++) {
    case 'D':
        sprintf(to, "r%u", gr_destination(s));
        break;
    case 'G':
        sprintf(to, "r%u", gr_source(s));
        break;
    case 'F':
        sprintf(to, "f%u", fr_destination(s));
        break;
    case 'f':
        sprintf(to, "f%u", fr_source(s));
        break;
    case 'P':
        a = predicate(s);
        do
            b = predicate(s);
        while (a == b);
        sprintf(to, "p%u,p%u", a, b);
        break;
    case 'p':
        sprintf(to, "p%u", predicate(s));
        break;
    case 'Q':
        a = below(s, 15) * 2 + (chance(s, 50) ? 2 : 34);
        sprintf(to, chance(s, 50) ? "f%u,f%u" : "f%2$u,f%1$u", a,
                a < 32 ? a + 1 - 2 * below(s, 2) * (a > 2) : a + 1);
        break;
    case 'z':
        sprintf(to, "f%u", s->loaded[0]);
        s->loaded[0] = s->loaded[1];
        break;
    case 'A':
        do
            a = 4 + below(s, 12);
        while (a == s->base);
        sprintf(to, "r%u", a);
        break;
    case 'E':
        sprintf(to, "f%u", 4 + below(s, 12));
        break;
    case 'R':
        a = 4 + below(s, 12);
        b = a ^ 1;
        sprintf(to, "f%u,f%u", a, b);
        break;
    case 'b':
        sprintf(to, "b%u", 1 + below(s, 7));
        break;
    case 'B':
        sprintf(to, "b%u", below(s, 8));
        break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
        sprintf(to, "r%u", s->base);
        break;
    case 'i':
        return immediate(s, row, to, true);
    case 'u':
        return immediate(s, row, to, false);
    case 'h':
        sprintf(to, "%02x", below(s, 64));
        break;
    case 'l':
        a = below(s, 64);
        sprintf(to, "%u,%u", a, 1 + below(s, 64 - a));
        break;
    case 'c':
        sprintf(to, "%u", 1 + below(s, 4));
        break;
    case 'n':
        sprintf(to, "%u", 1 + below(s, 16));
        break;
    case 'y':
        sprintf(to, "%u", below(s, 4));
        break;
    case 'k':
        sprintf(to, "%u", below(s, 4));
        break;
    case 's':
        sprintf(to, "%u", below(s, 4));
        break;
    case 'M':
        sprintf(to, "%d", (int)(signed_bits(s, 17) & ~1));
        break;
    case 'S':
        sprintf(to, "%x", below(s, 32) << 1);
        break;
    case 'm':
        sprintf(to, "r%u", s->base);
        break;
    default:
        fprintf(stderr, "random_rows.h: unknown operand %%%c\n", row[-1]);
        abort();
    }
    return row;
}

void qualify(struct stream *s, char *text) {
    if (chance(s, 25))
        sprintf(text, "(p%u) ", predicate(s));
    else
        *text = 0;
}

/* Replaces each {a|b|c} by one of its parts. */
static void choose(struct stream *s, const char *text, char *to) {
    while (*text) {
        if (*text != '{') {
            *to++ = *text++;
            continue;
        }
        const char *end = strchr(text, '}'), *part = text + 1;
        unsigned parts = 1;
        for (const char *p = part; p < end; p++)
            parts += *p == '|';
        for (unsigned skip = below(s, parts); skip; skip--)
            part = strchr(part, '|') + 1;
        while (*part != '|' && *part != '}')
            *to++ = *part++;
        text = end + 1;
    }
    *to = 0;
}

static void row(struct stream *s, const char *pattern) {
    char expanded[160];
    choose(s, pattern, expanded);
    const char *text = expanded;
    char line[160], *to = line, value[32];
    bool alone = strchr(text, '!');
    const char *at = strpbrk(text, "%");
    unsigned loads = 0;
    s->base = 0;
    for (; at; at = strchr(at + 1, '%'))
        if (at[1] == '5')
            plain_address(s);
        else if (at[1] >= '0' && at[1] <= '4')
            address(s, (unsigned)(at[1] - '0'));
        else if (at[1] == 'z')
            plain_load(s, s->loaded[loads++] = 2 + below(s, 30));
        else if (at[1] == 'm')
            emit(s, "mov r%u=%u", s->base = gr_in_frame(s), below(s, chance(s, 90) ? 8 : 32));
    if (!strncmp(text, "ldf", 3) && strstr(text, ".c."))
        emit(s, "fmerge.s f2=f2,f2"); /* psr.mfl is on; Ski sets it when a check load hits, too */
    if (alone) emit(s, ";;");
    *to = 0;
    if (!alone) qualify(s, to);
    to += strlen(to);
    while (*text) {
        if (*text == '!') {
            text++;
        } else if (*text == '%') {
            text = operand(s, text + 1, value);
            to = stpcpy(to, value);
        } else {
            *to++ = *text++;
        }
    }
    *to = 0;
    emit(s, alone ? "%s\n\t;;" : "%s", line);
    s->base = 0;
}

#define ROW(s, rows) row(s, rows[below(s, COUNT(rows))])

void memory(struct stream *s) {
    if (chance(s, 94)) {
        ROW(s, memory_rows);
    } else {
        emit(s, "rum 2\n\t;;");
        ROW(s, little_endian_rows);
    }
}

/* Speculation. Addresses that are no addresses only in virtual mode: Ski implements 63 physical
 * bits. Its ALAT holds virtual addresses and overlooks other names of the same place. */
static void speculation(struct stream *s) {
    if (chance(s, 50) && !(s->virtual && s->alat))
        ROW(s, advanced_rows);
    else if (s->virtual && chance(s, 5))
        ROW(s, wild_rows);
    else
        ROW(s, speculative_rows);
}

/* One instruction of any kind that the place allows. */
void single(struct stream *s) {
    unsigned n = below(s, 100);
    if (s->safe || n < 28)
        ROW(s, integer_rows);
    else if (n < 36)
        ROW(s, multimedia_rows);
    else if (n < 46 && !s->in_loop)
        ROW(s, predicate_rows);
    else if (n < 62)
        memory(s);
    else if (n < 70)
        speculation(s);
    else if (n < 76)
        ROW(s, fp_memory_rows);
    else if (n < 86)
        ROW(s, fp_rows);
    else if (n < 93 && !s->in_loop)
        ROW(s, system_rows);
    else
        emit(s, "movl r%u=0x%llx", gr_destination(s), (unsigned long long)word(s));
}

void singles(struct stream *s, unsigned n) {
    while (n--)
        single(s);
}
