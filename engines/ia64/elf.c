/* elf.c - loads an ELF executable into physical memory. Everything in the file is suspect: each
 * number is checked before it is used, and the error says which. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#ifndef EM_IA_64
#define EM_IA_64 50
#endif

struct symbols { /* sorted by address, shared by copies */
    unsigned refs;
    size_t count;
    char *names;
    struct symbol {
        uint64_t address;
        const char *name;
    } symbol[];
};

struct symbols *ia64_symbols_share(struct symbols *s) {
    if (s) s->refs++;
    return s;
}

void ia64_symbols_free(struct symbols *s) {
    if (!s || --s->refs) return;
    free(s->names);
    free(s);
}

struct image {
    const uint8_t *bytes;
    size_t size;
    const char *name;
};

static int reject(struct ia64 *m, const struct image *image, const char *why) {
    snprintf(m->message, sizeof m->message, "%.100s: %s", image->name, why);
    return -1;
}

static bool inside(const struct image *image, uint64_t offset, uint64_t size) {
    return offset <= image->size && size <= image->size - offset;
}

static const char *header_error(const struct image *image, const Elf64_Ehdr *h) {
    if (memcmp(h->e_ident, ELFMAG, SELFMAG)) return "not an ELF file";
    if (h->e_ident[EI_CLASS] != ELFCLASS64) return "not a 64-bit ELF file";
    if (h->e_ident[EI_DATA] != ELFDATA2LSB) return "not a little-endian ELF file";
    if (h->e_machine != EM_IA_64) return "not for IA-64 (e_machine is not 50)";
    if (h->e_type != ET_EXEC) return "not an executable (e_type is not ET_EXEC)";
    if (h->e_phentsize != sizeof(Elf64_Phdr)) return "program headers of an unknown size";
    if (!h->e_phnum) return "no program headers";
    if (!inside(image, h->e_phoff, (uint64_t)h->e_phnum * sizeof(Elf64_Phdr)))
        return "program headers lie outside the file";
    return NULL;
}

#define PHYSICAL_END (UINT64_C(1) << 50)

static const char *segment_error(const struct ia64 *m, const struct image *image,
                                 const Elf64_Phdr *p) {
    if (p->p_filesz > p->p_memsz) return "a segment is larger in the file than in memory";
    if (!inside(image, p->p_offset, p->p_filesz)) return "a segment lies outside the file";
    if (p->p_paddr >= PHYSICAL_END || p->p_memsz > PHYSICAL_END - p->p_paddr)
        return "a segment lies outside physical memory (2^50 bytes)";
    if (p->p_memsz > ia64_pages_limit(m->memory))
        return "a segment is larger than the memory limit";
    return NULL;
}

static Elf64_Phdr program_header(const struct image *image, const Elf64_Ehdr *h, unsigned i) {
    Elf64_Phdr p;

    memcpy(&p, image->bytes + h->e_phoff + i * sizeof p, sizeof p);
    return p;
}

static bool overlap(const Elf64_Phdr *a, const Elf64_Phdr *b) {
    return a->p_paddr < b->p_paddr + b->p_memsz && b->p_paddr < a->p_paddr + a->p_memsz;
}

static bool overlaps_earlier(const struct image *image, const Elf64_Ehdr *h, unsigned n,
                             const Elf64_Phdr *p) {
    for (unsigned i = 0; i < n; i++) {
        Elf64_Phdr q = program_header(image, h, i);

        if (q.p_type == PT_LOAD && q.p_memsz && overlap(&q, p)) return true;
    }
    return false;
}

static int load_segments(struct ia64 *m, const struct image *image, const Elf64_Ehdr *h) {
    bool any = false;

    for (unsigned i = 0; i < h->e_phnum; i++) {
        Elf64_Phdr p = program_header(image, h, i);
        const char *error;

        if (p.p_type != PT_LOAD || !p.p_memsz) continue;
        error = segment_error(m, image, &p);
        if (error) return reject(m, image, error);
        if (overlaps_earlier(image, h, i, &p)) return reject(m, image, "segments overlap");
        if (!ia64_poke(m, p.p_paddr, image->bytes + p.p_offset, p.p_filesz))
            return reject(m, image, "segments need more than the memory limit");
        any = true;
    }
    return any ? 0 : reject(m, image, "nothing to load");
}

/* --- symbols --------------------------------------------------------------------------------- */

static int by_address(const void *a, const void *b) {
    const struct symbol *x = a, *y = b;

    return x->address < y->address ? -1 : x->address > y->address ? 1 : strcmp(x->name, y->name);
}

static bool wanted(const Elf64_Sym *s, size_t names) {
    unsigned type = ELF64_ST_TYPE(s->st_info);

    return s->st_name && s->st_name < names && s->st_shndx != SHN_UNDEF && type != STT_FILE &&
           type != STT_SECTION;
}

static struct symbols *read_symbols(const struct image *image, const Elf64_Shdr *table,
                                    const Elf64_Shdr *strings) {
    size_t n = table->sh_size / sizeof(Elf64_Sym);
    struct symbols *s = malloc(sizeof *s + n * sizeof *s->symbol);
    char *names = malloc(strings->sh_size + 1);

    if (!s || !names) {
        free(s);
        free(names);
        return NULL;
    }
    memcpy(names, image->bytes + strings->sh_offset, strings->sh_size);
    names[strings->sh_size] = 0;
    *s = (struct symbols){.refs = 1, .names = names};
    for (size_t i = 0; i < n; i++) {
        Elf64_Sym sym;

        memcpy(&sym, image->bytes + table->sh_offset + i * sizeof sym, sizeof sym);
        if (wanted(&sym, strings->sh_size))
            s->symbol[s->count++] = (struct symbol){sym.st_value, names + sym.st_name};
    }
    qsort(s->symbol, s->count, sizeof *s->symbol, by_address);
    return s;
}

/* Symbols are a comfort: without a sound table there are none. */
static struct symbols *find_symbols(const struct image *image, const Elf64_Ehdr *h) {
    if (h->e_shentsize != sizeof(Elf64_Shdr) ||
        !inside(image, h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf64_Shdr)))
        return NULL;
    for (unsigned i = 0; i < h->e_shnum; i++) {
        Elf64_Shdr table, strings;

        memcpy(&table, image->bytes + h->e_shoff + i * sizeof table, sizeof table);
        if (table.sh_type != SHT_SYMTAB || table.sh_link >= h->e_shnum) continue;
        memcpy(&strings, image->bytes + h->e_shoff + table.sh_link * sizeof strings,
               sizeof strings);
        if (inside(image, table.sh_offset, table.sh_size) &&
            inside(image, strings.sh_offset, strings.sh_size))
            return read_symbols(image, &table, &strings);
    }
    return NULL;
}

bool ia64_symbol(const struct ia64 *m, const char *name, uint64_t *address) {
    for (size_t i = 0; m->symbols && i < m->symbols->count; i++)
        if (!strcmp(m->symbols->symbol[i].name, name)) {
            *address = m->symbols->symbol[i].address;
            return true;
        }
    return false;
}

const char *ia64_symbol_at(const struct ia64 *m, uint64_t address, uint64_t *offset) {
    size_t low = 0, high = m->symbols ? m->symbols->count : 0;

    while (low < high) { /* the first symbol above the address */
        size_t middle = (low + high) / 2;

        if (m->symbols->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low) return NULL;
    *offset = address - m->symbols->symbol[low - 1].address;
    return m->symbols->symbol[low - 1].name;
}

/* --- loading --------------------------------------------------------------------------------- */

int ia64_load_elf_image(struct ia64 *m, const void *bytes, size_t size, const char *name) {
    struct image image = {bytes, size, name};
    Elf64_Ehdr h;
    const char *error;

    if (size < sizeof h) return reject(m, &image, "too short for an ELF header");
    memcpy(&h, bytes, sizeof h);
    error = header_error(&image, &h);
    if (error) return reject(m, &image, error);
    if (load_segments(m, &image, &h)) return -1;
    ia64_symbols_free(m->symbols);
    m->symbols = find_symbols(&image, &h);
    ia64_set_ip(m, h.e_entry & ~UINT64_C(15), 0);
    m->message[0] = 0;
    return 0;
}

static void *read_file(FILE *f, size_t *size) {
    size_t capacity = 1 << 16, n;
    char *bytes = malloc(capacity);

    *size = 0;
    while (bytes && (n = fread(bytes + *size, 1, capacity - *size, f)) > 0) {
        *size += n;
        if (*size == capacity) {
            char *more = realloc(bytes, capacity *= 2);

            if (!more) free(bytes);
            bytes = more;
        }
    }
    return bytes;
}

int ia64_load_elf(struct ia64 *m, const char *path) {
    struct image image = {.name = path};
    FILE *f = fopen(path, "rb");
    void *bytes;
    int result;

    if (!f) return reject(m, &image, strerror(errno));
    bytes = read_file(f, &image.size);
    if (!bytes || ferror(f))
        result = reject(m, &image, "cannot be read");
    else
        result = ia64_load_elf_image(m, bytes, image.size, path);
    free(bytes);
    fclose(f);
    return result;
}
