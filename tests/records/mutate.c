/* mutate.c: mutate SEED COUNT DIR: record files that went wrong, DIR/0000.jsonl and on: the record
 * SEED with one to four of the mutations below, the same ones for the same COUNT. For corpus.sh. */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t draw(uint64_t below) { /* xorshift64* */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return below ? state * UINT64_C(2685821657736338717) % below : 0;
}

struct text {
    char *bytes;
    size_t n, room;
};

static void put(struct text *t, size_t at, const char *bytes, size_t n) {
    while (t->n + n + 1 > t->room) {
        t->room = 2 * t->room + n + 1;
        t->bytes = realloc(t->bytes, t->room);
        if (!t->bytes) abort();
    }
    memmove(t->bytes + at + n, t->bytes + at, t->n - at);
    memcpy(t->bytes + at, bytes, n);
    t->n += n;
}

static void cut(struct text *t, size_t at, size_t n) {
    if (n > t->n - at) n = t->n - at;
    memmove(t->bytes + at, t->bytes + at + n, t->n - at - n);
    t->n -= n;
}

/* ---- bytes ---- */

static void truncate_it(struct text *t) {
    t->n = draw(t->n + 1);
}
static void flip_bits(struct text *t) {
    for (uint64_t i = 0; t->n && i < 1 + draw(8); i++)
        t->bytes[draw(t->n)] ^= (char)(1 << draw(8));
}
static void cut_piece(struct text *t) {
    if (t->n) cut(t, draw(t->n), draw(200));
}
static void insert_piece(struct text *t) {
    static const struct {
        const char *bytes;
        size_t n;
    } pieces[] = {{"\0", 1},
                  {"\n", 1},
                  {"\n\n\n", 3},
                  {"\xff\xfe", 2},
                  {"\xef\xbb\xbf", 3},
                  {"\r\n", 2},
                  {"{", 1},
                  {"}", 1},
                  {"[", 1},
                  {"\"", 1},
                  {"\\", 1},
                  {"\\u0000", 6},
                  {"NaN", 3},
                  {"-Infinity", 9},
                  {"1e999", 5},
                  {",", 1},
                  {"null", 4},
                  {"# comment\n", 10},
                  {"{\"type\":\"run\",\"schema\":99}\n", 27},
                  {"name,iterations,real_time\n", 26}};
    size_t which = draw(sizeof pieces / sizeof *pieces);
    put(t, draw(t->n + 1), pieces[which].bytes, pieces[which].n);
}
static void nest(struct text *t) { /* deeper than any parser likes */
    static char brackets[5000];
    memset(brackets, draw(2) ? '[' : '{', sizeof brackets);
    put(t, draw(t->n + 1), brackets, draw(sizeof brackets));
}
static void random_bytes(struct text *t) {
    char bytes[64];
    size_t n = draw(sizeof bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)draw(256);
    put(t, draw(t->n + 1), bytes, n);
}

/* ---- lines ---- */

static size_t line_start(const struct text *t) {
    size_t at = draw(t->n + 1);
    while (at > 0 && t->bytes[at - 1] != '\n')
        at--;
    return at;
}
static size_t line_length(const struct text *t, size_t at) {
    const char *end = memchr(t->bytes + at, '\n', t->n - at);
    return end ? (size_t)(end - t->bytes) + 1 - at : t->n - at;
}
static void drop_line(struct text *t) {
    size_t at = line_start(t);
    cut(t, at, line_length(t, at));
}
static void repeat_line(struct text *t) {
    size_t at = line_start(t), n = line_length(t, at);
    char *line = malloc(n + 1);
    memcpy(line, t->bytes + at, n);
    for (uint64_t i = 0; i < 1 + draw(30); i++)
        put(t, line_start(t), line, n);
    free(line);
}

/* ---- values: one line is parsed, something in it changed, and written back ---- */

static json_t *odd_value(void) {
    static const char *const values[] = {"null",
                                         "true",
                                         "0",
                                         "-1",
                                         "-0.0",
                                         "1e308",
                                         "-1e308",
                                         "5e-324",
                                         "9223372036854775807",
                                         "-9223372036854775808",
                                         "0.5",
                                         "\"\"",
                                         "\"NaN\"",
                                         "\"%s%n%d\"",
                                         "[]",
                                         "{}",
                                         "[[]]",
                                         "[null]",
                                         "[0]",
                                         "[-1]",
                                         "[1e308, 1e-308]",
                                         "{\"a\": 1}",
                                         "\"-\"",
                                         "\"\\u0000\"",
                                         "\"../../x\"",
                                         "\"pip\"",
                                         "\"fail\"",
                                         "\"map\"",
                                         "\"run\"",
                                         "\"cycles\"",
                                         "1000000",
                                         "18446744073709551615"};
    size_t which = draw(sizeof values / sizeof *values + 1);
    if (which < sizeof values / sizeof *values)
        return json_loads(values[which], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    char *longest = malloc(70001);
    memset(longest, 'x', 70000);
    longest[70000] = '\0';
    json_t *value = json_string(longest);
    free(longest);
    return value;
}

static const char *key_of(json_t *object) {
    const char *key;
    json_t *value;
    size_t which = draw(json_object_size(object)), i = 0;
    json_object_foreach(object, key, value) if (i++ == which) return key;
    return NULL;
}

/* goes down at random and changes what it stops at */
static void change(json_t *value, int depth) {
    bool stop = depth > 6 || draw(3) == 0;
    if (json_is_object(value) && json_object_size(value)) {
        const char *key = key_of(value);
        json_t *below = json_object_get(value, key), *odd;
        if (!stop && (json_is_object(below) || json_is_array(below)) &&
            json_object_size(below) + json_array_size(below))
            change(below, depth + 1);
        else if (draw(5) == 0)
            json_object_del(value, key);
        else if ((odd = odd_value()))
            json_object_set_new(value, key, odd);
    } else if (json_is_array(value) && json_array_size(value)) {
        size_t i = draw(json_array_size(value));
        json_t *below = json_array_get(value, i);
        if (!stop && json_is_object(below))
            change(below, depth + 1);
        else if (draw(4) == 0)
            json_array_remove(value, i);
        else
            json_array_set_new(value, i, odd_value());
    }
}

static void change_value(struct text *t) {
    size_t at = line_start(t), n = line_length(t, at);
    json_t *line = json_loadb(t->bytes + at, n, JSON_ALLOW_NUL, NULL);
    if (!line) return;
    change(line, 0);
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    if (!text) return;
    cut(t, at, n);
    put(t, at, text, strlen(text));
    put(t, at + strlen(text), "\n", 1);
    free(text);
}

static void (*const mutations[])(struct text *) = {
    truncate_it,  flip_bits,    cut_piece,    insert_piece, nest,
    random_bytes, drop_line,    repeat_line,  change_value, change_value,
    change_value, change_value, change_value, change_value};

static bool read_seed(const char *path, struct text *seed) {
    FILE *file = fopen(path, "re");
    char bytes[65536];
    size_t n;
    if (!file) return false;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        put(seed, seed->n, bytes, n);
    fclose(file);
    return seed->n > 0;
}

static bool write_mutant(const struct text *seed, const char *path) {
    struct text t = {0};
    put(&t, 0, seed->bytes, seed->n);
    for (uint64_t i = 0; i < 1 + draw(4); i++)
        mutations[draw(sizeof mutations / sizeof *mutations)](&t);
    FILE *file = fopen(path, "we");
    bool written = file && fwrite(t.bytes, 1, t.n, file) == t.n;
    if (file && fclose(file)) written = false;
    free(t.bytes);
    return written;
}

int main(int argc, char **argv) {
    struct text seed = {0};
    if (argc != 4 || !read_seed(argv[1], &seed)) {
        fprintf(stderr, "usage: mutate SEED COUNT DIR\n");
        return 2;
    }
    for (int i = 0; i < atoi(argv[2]); i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%04d.jsonl", argv[3], i);
        if (!write_mutant(&seed, path)) {
            perror(path);
            return 1;
        }
    }
    free(seed.bytes);
    return 0;
}
