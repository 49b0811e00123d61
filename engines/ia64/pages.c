/* pages.c - physical memory: pages that come into being when written, in leaves of 64, found
 * through a hash table. Copies of a machine share leaves and pages until one of them writes. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

enum { LEAF_BITS = 6, LEAF_PAGES = 1 << LEAF_BITS, LEAF_SHIFT = PAGE_BITS + LEAF_BITS };

struct leaf {
    unsigned refs;
    struct page *page[LEAF_PAGES];
};

struct entry {
    uint64_t number;   /* physical >> LEAF_SHIFT */
    struct leaf *leaf; /* NULL: free */
};

struct memory {
    struct entry *table;
    size_t capacity, used; /* capacity: power of two */
    uint64_t pages, limit; /* in pages */
};

const uint8_t ia64_zero_page[PAGE_SIZE] __attribute__((aligned(64)));

static struct entry *find(const struct memory *mem, uint64_t number) {
    size_t i = (number * UINT64_C(0x9e3779b97f4a7c15)) >> 32;

    for (;; i++) {
        struct entry *e = &mem->table[i & (mem->capacity - 1)];

        if (!e->leaf || e->number == number) return e;
    }
}

static void release_page(struct page *page) {
    if (!page || --page->refs) return;
    free(page->code);
    free(page);
}

static void release_leaf(struct leaf *leaf) {
    if (!leaf || --leaf->refs) return;
    for (int i = 0; i < LEAF_PAGES; i++)
        release_page(leaf->page[i]);
    free(leaf);
}

struct memory *ia64_pages_new(uint64_t limit) {
    struct memory *mem = calloc(1, sizeof *mem);

    if (!mem) return NULL;
    mem->capacity = 16;
    mem->limit = limit / PAGE_SIZE;
    mem->table = calloc(mem->capacity, sizeof *mem->table);
    if (mem->table) return mem;
    free(mem);
    return NULL;
}

struct memory *ia64_pages_copy(const struct memory *from) {
    struct memory *mem = malloc(sizeof *mem);

    if (!mem) return NULL;
    *mem = *from;
    mem->table = malloc(mem->capacity * sizeof *mem->table);
    if (!mem->table) {
        free(mem);
        return NULL;
    }
    memcpy(mem->table, from->table, mem->capacity * sizeof *mem->table);
    for (size_t i = 0; i < mem->capacity; i++)
        if (mem->table[i].leaf) mem->table[i].leaf->refs++;
    return mem;
}

void ia64_pages_free(struct memory *mem) {
    if (!mem) return;
    for (size_t i = 0; i < mem->capacity; i++)
        release_leaf(mem->table[i].leaf);
    free(mem->table);
    free(mem);
}

uint64_t ia64_pages_used(const struct memory *mem) {
    return mem->pages * PAGE_SIZE;
}

uint64_t ia64_pages_limit(const struct memory *mem) {
    return mem->limit * PAGE_SIZE;
}

struct page *ia64_page_at(const struct memory *mem, uint64_t physical) {
    const struct entry *e = find(mem, physical >> LEAF_SHIFT);

    return e->leaf ? e->leaf->page[physical >> PAGE_BITS & (LEAF_PAGES - 1)] : NULL;
}

static bool grow(struct memory *mem) {
    struct memory larger = *mem;

    larger.capacity *= 2;
    larger.table = calloc(larger.capacity, sizeof *larger.table);
    if (!larger.table) return false;
    for (size_t i = 0; i < mem->capacity; i++)
        if (mem->table[i].leaf) *find(&larger, mem->table[i].number) = mem->table[i];
    free(mem->table);
    *mem = larger;
    return true;
}

/* A leaf that nobody else uses: a new one, or a copy of a shared one. */
static struct leaf *own_leaf(struct memory *mem, uint64_t number) {
    struct entry *e = find(mem, number);
    struct leaf *leaf;

    if (e->leaf && e->leaf->refs == 1) return e->leaf;
    if (!e->leaf && 2 * (mem->used + 1) > mem->capacity) {
        if (!grow(mem)) return NULL;
        e = find(mem, number);
    }
    leaf = calloc(1, sizeof *leaf);
    if (!leaf) return NULL;
    leaf->refs = 1;
    if (e->leaf) {
        memcpy(leaf->page, e->leaf->page, sizeof leaf->page);
        for (int i = 0; i < LEAF_PAGES; i++)
            if (leaf->page[i]) leaf->page[i]->refs++;
        e->leaf->refs--;
    } else {
        mem->used++;
    }
    *e = (struct entry){number, leaf};
    return leaf;
}

static struct page *new_page(void) {
    struct page *page = aligned_alloc(64, sizeof *page);

    if (page) *page = (struct page){.refs = 1};
    return page;
}

static struct page *private_copy(const struct page *from) {
    struct page *page = aligned_alloc(64, sizeof *page);

    if (!page) return NULL;
    page->refs = 1;
    page->code = NULL;
    memcpy(page->data, from->data, PAGE_SIZE);
    if (from->code) {
        page->code = malloc(sizeof *page->code);
        if (page->code) {
            memcpy(page->code, from->code, sizeof *page->code);
            page->code->slots[PAGE_SLOTS].op = OP_PAGE_END; /* a mark may stand there */
        }
    }
    return page;
}

struct page *ia64_page_own(struct memory *mem, uint64_t physical, bool *fresh) {
    struct leaf *leaf = own_leaf(mem, physical >> LEAF_SHIFT);
    struct page **place, *page;

    *fresh = false;
    if (!leaf) return NULL;
    place = &leaf->page[physical >> PAGE_BITS & (LEAF_PAGES - 1)];
    if (*place && (*place)->refs == 1) return *place;
    *fresh = true;
    if (*place) {
        page = private_copy(*place);
        if (!page) return NULL;
        (*place)->refs--;
    } else {
        if (mem->pages >= mem->limit) return NULL;
        page = new_page();
        if (!page) return NULL;
        mem->pages++;
    }
    return *place = page;
}

static void leaf_differences(uint64_t number, const struct leaf *a, const struct leaf *b,
                             ia64_pages_visit *each, void *context) {
    if (a == b) return;
    for (int i = 0; i < LEAF_PAGES; i++) {
        const struct page *pa = a ? a->page[i] : NULL;
        const struct page *pb = b ? b->page[i] : NULL;

        if (pa != pb) each(context, number << LEAF_SHIFT | (uint64_t)i << PAGE_BITS, pa, pb);
    }
}

void ia64_pages_differences(const struct memory *a, const struct memory *b, ia64_pages_visit *each,
                            void *context) {
    for (size_t i = 0; i < a->capacity; i++) {
        const struct entry *e = &a->table[i];

        if (e->leaf) leaf_differences(e->number, e->leaf, find(b, e->number)->leaf, each, context);
    }
    for (size_t i = 0; i < b->capacity; i++) {
        const struct entry *e = &b->table[i];

        if (e->leaf && !find(a, e->number)->leaf)
            leaf_differences(e->number, NULL, e->leaf, each, context);
    }
}
