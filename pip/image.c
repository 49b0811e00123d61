/* image.c: ELF by libelf (image.h). The file is read whole, so that nobody can change it
 * underneath. */
#include "pip/image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct named {
    const char *name;
    uint64_t address;
};
struct import {
    uint64_t slot;
    const char *name;
};

struct private_image {
    char *bytes;
    Elf *elf;
    struct named *named;
    size_t names;
    struct import *import; /* by slot */
    size_t imports;
};

/* ---- arrays that grow ---- */

static void *grown(void *array, size_t count, size_t size) {
    if (count & (count - 1)) return array; /* room is a power of two */
    void *larger = realloc(array, (count ? count * 2 : 1) * size);
    if (!larger) abort();
    return larger;
}

/* ---- bytes ---- */

static const uint8_t *bytes_at(const struct pip_image *image, uint64_t address, size_t *left,
                               bool code) {
    for (size_t i = 0; i < image->segments; i++) {
        const struct pip_segment *s = &image->segment[i];
        if (address < s->address || address - s->address >= s->size || (code && !s->code)) continue;
        *left = (size_t)(s->size - (address - s->address));
        return s->bytes + (address - s->address);
    }
    return NULL;
}
const uint8_t *pip_image_code(const struct pip_image *image, uint64_t address, size_t *left) {
    return bytes_at(image, address, left, true);
}
const uint8_t *pip_image_data(const struct pip_image *image, uint64_t address, size_t *left) {
    return bytes_at(image, address, left, false);
}

static const char *read_segments(struct pip_image *image, size_t size) {
    struct private_image *p = image->private;
    size_t headers;
    if (elf_getphdrnum(p->elf, &headers) != 0) return "its program headers can't be read";
    for (size_t i = 0; i < headers; i++) {
        GElf_Phdr h;
        if (!gelf_getphdr(p->elf, (int)i, &h)) return "its program headers lie outside the file";
        if (h.p_type != PT_LOAD || !h.p_filesz) continue;
        if (h.p_offset > size || h.p_filesz > size - h.p_offset)
            return "a segment lies outside the file: the file is truncated";
        if (h.p_vaddr > UINT64_MAX - h.p_filesz) return "a segment ends beyond the address space";
        image->segment = grown(image->segment, image->segments, sizeof *image->segment);
        image->segment[image->segments++] = (struct pip_segment){
            h.p_vaddr, h.p_filesz, (const uint8_t *)p->bytes + h.p_offset, h.p_flags & PF_X};
    }
    for (size_t i = 0; i < image->segments; i++)
        if (image->segment[i].code) return NULL;
    return "it has no code: no loaded segment is executable (link it first, if it is an object "
           "file)";
}

/* ---- symbols ---- */

static bool is_code(const struct pip_image *image, uint64_t address) {
    size_t left;
    return pip_image_code(image, address, &left);
}

static void add_symbol(struct pip_image *image, const GElf_Sym *sym, const char *name) {
    struct private_image *p = image->private;
    int type = GELF_ST_TYPE(sym->st_info);
    if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) return;
    if (!name || !*name || sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_ABS ||
        !is_code(image, sym->st_value))
        return;
    image->function = grown(image->function, image->functions, sizeof *image->function);
    bool sized = sym->st_size && sym->st_size < UINT64_MAX - sym->st_value;
    image->function[image->functions++] =
        (struct pip_function){sym->st_value, sized ? sym->st_value + sym->st_size : 0, name};
    p->named = grown(p->named, p->names, sizeof *p->named);
    p->named[p->names++] = (struct named){name, sym->st_value};
}

static void read_symbols(struct pip_image *image, Elf_Scn *section, const GElf_Shdr *h) {
    Elf *elf = image->private->elf;
    Elf_Data *data = elf_getdata(section, NULL);
    if (!data || !h->sh_entsize) return;
    GElf_Sym sym;
    for (int i = 0; gelf_getsym(data, i, &sym); i++)
        add_symbol(image, &sym, elf_strptr(elf, h->sh_link, sym.st_name));
}

static void read_relocations(struct pip_image *image, Elf_Scn *section, const GElf_Shdr *h) {
    struct private_image *p = image->private;
    Elf_Data *data = elf_getdata(section, NULL);
    Elf_Scn *symbols = elf_getscn(p->elf, h->sh_link);
    GElf_Shdr symbols_header;
    if (!data || !symbols || !gelf_getshdr(symbols, &symbols_header) ||
        (symbols_header.sh_type != SHT_DYNSYM && symbols_header.sh_type != SHT_SYMTAB))
        return;
    Elf_Data *symbol_data = elf_getdata(symbols, NULL);
    GElf_Rela rela;
    GElf_Sym sym;
    for (int i = 0; symbol_data && gelf_getrela(data, i, &rela); i++) {
        uint64_t number = GELF_R_SYM(rela.r_info);
        if (!number || number > INT32_MAX || !gelf_getsym(symbol_data, (int)number, &sym)) continue;
        const char *name = elf_strptr(p->elf, symbols_header.sh_link, sym.st_name);
        if (!name || !*name) continue;
        p->import = grown(p->import, p->imports, sizeof *p->import);
        p->import[p->imports++] = (struct import){rela.r_offset, name};
    }
}

/* ---- functions without symbols: the unwinder's table knows them ---- */

/* what the table of PT_GNU_EH_FRAME looks like as linkers write it: version 1; pointers relative to
 * the place, a count, entries of two distances from the table's begin: a function, and its
 * description in .eh_frame, whose third and fourth words are the function's distance from there and
 * its size */
enum { TABLE_HEADER = 12, TABLE_ENTRY = 8 };
static const uint8_t table_form[4] = {1, 0x1b, 0x03, 0x3b};

/* which addresses symbols with a size begin at: the table says the same of those, and a large file
 * has a lot of them */
struct starts {
    uint64_t low, span;
    uint64_t *bits;
};
enum { SPAN_MAX = 1 << 30 };

static struct starts sized_starts(const struct pip_image *image) {
    struct starts s = {.low = UINT64_MAX};
    uint64_t high = 0;
    for (size_t i = 0; i < image->functions; i++) {
        if (image->function[i].start < s.low) s.low = image->function[i].start;
        if (image->function[i].start > high) high = image->function[i].start;
    }
    if (high < s.low || high - s.low >= SPAN_MAX) return s;
    s.span = high - s.low + 1;
    s.bits = calloc(s.span / 64 + 1, sizeof *s.bits);
    if (!s.bits) abort();
    for (size_t i = 0; i < image->functions; i++) {
        uint64_t bit = image->function[i].start - s.low;
        if (image->function[i].end) s.bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    return s;
}

static bool begins_sized(const struct starts *s, uint64_t address) {
    uint64_t bit = address - s->low;
    return bit < s->span && s->bits[bit / 64] >> bit % 64 & 1;
}

static void add_described(struct pip_image *image, const struct starts *known, uint64_t table,
                          const uint8_t *entry) {
    int32_t distance[2], begin;
    uint32_t size;
    size_t left;
    memcpy(distance, entry, sizeof distance);
    uint64_t start = table + (uint64_t)(int64_t)distance[0],
             description = table + (uint64_t)(int64_t)distance[1];
    if (begins_sized(known, start)) return;
    const uint8_t *bytes = pip_image_data(image, description, &left);
    if (!bytes || left < 16) return;
    memcpy(&begin, bytes + 8, 4);
    memcpy(&size, bytes + 12, 4);
    if (description + 8 + (uint64_t)(int64_t)begin != start || !size || !is_code(image, start))
        return;
    image->function = grown(image->function, image->functions, sizeof *image->function);
    image->function[image->functions++] = (struct pip_function){start, start + size, ""};
}

static void read_unwinder(struct pip_image *image) {
    struct private_image *p = image->private;
    size_t headers = 0, left;
    GElf_Phdr h;
    struct starts known = sized_starts(image);
    elf_getphdrnum(p->elf, &headers);
    for (size_t i = 0; i < headers; i++) {
        if (!gelf_getphdr(p->elf, (int)i, &h) || h.p_type != PT_GNU_EH_FRAME) continue;
        const uint8_t *table = pip_image_data(image, h.p_vaddr, &left);
        uint32_t count;
        if (!table || left < TABLE_HEADER || memcmp(table, table_form, sizeof table_form) != 0)
            continue;
        memcpy(&count, table + 8, 4);
        for (size_t at = TABLE_HEADER; count-- && at + TABLE_ENTRY <= left; at += TABLE_ENTRY)
            add_described(image, &known, h.p_vaddr, table + at);
    }
    free(known.bits);
}

static int by_start(const void *a, const void *b) {
    const struct pip_function *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (!*x->name != !*y->name) return *x->name ? -1 : 1;
    return x->end == y->end ? strcmp(x->name, y->name) : x->end > y->end ? -1 : 1;
}
static int by_slot(const void *a, const void *b) {
    const struct import *x = a, *y = b;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static uint64_t section_end(const struct pip_image *image, uint64_t address) {
    Elf *elf = image->private->elf;
    GElf_Shdr h;
    for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));)
        if (gelf_getshdr(s, &h) && h.sh_flags & SHF_EXECINSTR && address >= h.sh_addr &&
            address - h.sh_addr < h.sh_size)
            return h.sh_size < UINT64_MAX - h.sh_addr ? h.sh_addr + h.sh_size : UINT64_MAX;
    return UINT64_MAX;
}

/* aliases share a start: the longest one with a name stays. A label inside a function is none. One
 * without a size ends where the next begins, or with its segment */
static void settle_functions(struct pip_image *image) {
    size_t kept = 0;
    if (image->functions)
        qsort(image->function, image->functions, sizeof *image->function, by_start);
    for (size_t i = 0; i < image->functions; i++) {
        const struct pip_function *f = &image->function[i],
                                  *before = kept ? &image->function[kept - 1] : NULL;
        if (before && (before->start == f->start || (!f->end && f->start < before->end))) continue;
        image->function[kept++] = *f;
    }
    image->functions = kept;
    for (size_t i = 0; i < kept; i++) {
        struct pip_function *f = &image->function[i];
        size_t left = 0;
        pip_image_code(image, f->start, &left);
        uint64_t limit = f->start + left, section = f->end ? limit : section_end(image, f->start);
        if (section < limit) limit = section;
        if (i + 1 < kept && f[1].start < limit && !f->end) limit = f[1].start;
        if (!f->end || f->end > limit) f->end = limit;
    }
}

static void read_sections(struct pip_image *image) {
    struct private_image *p = image->private;
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    size_t names;
    bool named = elf_getshdrstrndx(p->elf, &names) == 0;
    while ((section = elf_nextscn(p->elf, section))) {
        if (!gelf_getshdr(section, &h)) continue;
        const char *name = named ? elf_strptr(p->elf, names, h.sh_name) : NULL;
        if (h.sh_type == SHT_SYMTAB || h.sh_type == SHT_DYNSYM) read_symbols(image, section, &h);
        if (h.sh_type == SHT_RELA && h.sh_flags & SHF_ALLOC) read_relocations(image, section, &h);
        if (name && strcmp(name, ".gcc_except_table") == 0 && h.sh_size) image->unwinds = true;
        if (name && strncmp(name, ".plt", 4) == 0 && h.sh_size &&
            h.sh_size < UINT64_MAX - h.sh_addr) {
            if (!image->stubs_end || h.sh_addr < image->stubs) image->stubs = h.sh_addr;
            if (h.sh_addr + h.sh_size > image->stubs_end) image->stubs_end = h.sh_addr + h.sh_size;
        }
    }
    if (p->imports) qsort(p->import, p->imports, sizeof *p->import, by_slot);
    read_unwinder(image);
    settle_functions(image);
}

void pip_image_add_functions(struct pip_image *image, const uint64_t *starts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!is_code(image, starts[i])) continue;
        image->function = grown(image->function, image->functions, sizeof *image->function);
        image->function[image->functions++] = (struct pip_function){starts[i], 0, ""};
    }
    settle_functions(image);
}

/* ---- opening ---- */

static const char *read_header(struct pip_image *image, size_t size) {
    struct private_image *p = image->private;
    GElf_Ehdr h;
    if (elf_version(EV_CURRENT) == EV_NONE) return "this libelf is too old";
    if (size < SELFMAG || memcmp(p->bytes, ELFMAG, SELFMAG) != 0) return "it is not an ELF file";
    p->elf = elf_memory(p->bytes, size);
    if (!p->elf || elf_kind(p->elf) != ELF_K_ELF || !gelf_getehdr(p->elf, &h))
        return "its ELF header makes no sense: the file is truncated or damaged";
    if (gelf_getclass(p->elf) != ELFCLASS64) return "it is not a 64-bit ELF file";
    if (h.e_ident[EI_DATA] != ELFDATA2LSB) return "it is not a little-endian ELF file";
    if (h.e_type != ET_EXEC && h.e_type != ET_DYN)
        return "it is not a linked program or shared library: link it first, addresses and calls "
               "are not known before";
    if (h.e_phoff > size || (uint64_t)h.e_phnum * h.e_phentsize > size - h.e_phoff)
        return "its program headers lie outside the file: it is truncated";
    image->machine = h.e_machine;
    image->entry = h.e_entry;
    return NULL;
}

static struct pip_image *open_bytes(char *bytes, size_t size, const char *name,
                                    char message[PIP_MESSAGE]) {
    struct pip_image *image = calloc(1, sizeof *image);
    struct private_image *p = calloc(1, sizeof *p);
    if (!image || !p) abort();
    image->private = p;
    p->bytes = bytes;
    const char *why = read_header(image, size);
    if (!why) why = read_segments(image, size);
    if (why) {
        snprintf(message, PIP_MESSAGE, "%.200s: %s", name, why);
        pip_image_free(image);
        return NULL;
    }
    read_sections(image);
    return image;
}

struct pip_image *pip_image_of(const uint8_t *bytes, size_t size, const char *name,
                               char message[PIP_MESSAGE]) {
    char *copy = malloc(size ? size : 1);
    if (!copy) abort();
    memcpy(copy, bytes, size);
    return open_bytes(copy, size, name, message);
}

static char *read_file(const char *path, size_t *size, const char **why) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *why = NULL;
    char *bytes = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        *why = strerror(errno);
    } else if (!S_ISREG(st.st_mode)) {
        *why = "it is not a regular file";
    } else if (!(bytes = malloc((size_t)st.st_size + 1))) {
        *why = "it is larger than memory";
    }
    *size = 0;
    while (!*why && *size < (size_t)st.st_size) {
        ssize_t got = read(fd, bytes + *size, (size_t)st.st_size - *size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) *why = strerror(errno);
        if (got <= 0) break;
        *size += (size_t)got;
    }
    if (fd >= 0) close(fd);
    if (!*why) return bytes;
    free(bytes);
    return NULL;
}

struct pip_image *pip_image_open(const char *path, char message[PIP_MESSAGE]) {
    size_t size;
    const char *why;
    char *bytes = read_file(path, &size, &why);
    if (bytes) return open_bytes(bytes, size, path, message);
    snprintf(message, PIP_MESSAGE, "%.200s: %s", path, why);
    return NULL;
}

void pip_image_free(struct pip_image *image) {
    if (!image) return;
    struct private_image *p = image->private;
    if (p->elf) elf_end(p->elf);
    free(p->bytes);
    free(p->named);
    free(p->import);
    free(p);
    free(image->segment);
    free(image->function);
    free(image);
}

/* ---- look-ups ---- */

const struct pip_function *pip_image_function(const struct pip_image *image, uint64_t address) {
    size_t low = 0, high = image->functions;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (image->function[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low && address < image->function[low - 1].end ? &image->function[low - 1] : NULL;
}

/* .dynsym repeats .symtab: an address counts once */
size_t pip_image_named(const struct pip_image *image, const char *name, uint64_t *address) {
    const struct private_image *p = image->private;
    size_t count = 0;
    uint64_t seen[16];
    for (size_t i = 0; i < p->names; i++) {
        if (strcmp(p->named[i].name, name) != 0) continue;
        bool new = true;
        for (size_t k = 0; k < count && k < 16; k++)
            new &= seen[k] != p->named[i].address;
        if (!new) continue;
        if (count < 16) seen[count] = p->named[i].address;
        if (!count++) *address = p->named[i].address;
    }
    return count;
}

const char *pip_image_import(const struct pip_image *image, uint64_t slot) {
    const struct private_image *p = image->private;
    struct import key = {.slot = slot};
    const struct import *found =
        p->imports ? bsearch(&key, p->import, p->imports, sizeof *p->import, by_slot) : NULL;
    return found ? found->name : NULL;
}
