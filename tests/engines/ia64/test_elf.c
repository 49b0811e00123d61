/* test_elf.c - the loader: what a good file gives, and a clear error for each way to be bad. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ia64.h"

enum { CODE = 0x100000, SIZE = 4096 };

struct file {
    Elf64_Ehdr h;
    Elf64_Phdr p[2];
    Elf64_Shdr s[2];
    Elf64_Sym sym[3];
    char names[16];
    uint8_t code[64];
};

/* A sound executable: one segment of 64 bytes in the file and 8 KiB in memory, two symbols. */
static struct file sound(void) {
    struct file f = {
        .h = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1},
              .e_type = ET_EXEC,
              .e_machine = 50,
              .e_version = 1,
              .e_entry = CODE + 16,
              .e_phentsize = sizeof(Elf64_Phdr),
              .e_phnum = 1,
              .e_phoff = offsetof(struct file, p),
              .e_shentsize = sizeof(Elf64_Shdr),
              .e_shnum = 2,
              .e_shoff = offsetof(struct file, s)},
        .p = {{.p_type = PT_LOAD,
               .p_offset = offsetof(struct file, code),
               .p_vaddr = CODE,
               .p_paddr = CODE,
               .p_filesz = 64,
               .p_memsz = 8192}},
        .s = {{.sh_type = SHT_SYMTAB,
               .sh_offset = offsetof(struct file, sym),
               .sh_size = sizeof f.sym,
               .sh_link = 1},
              {.sh_type = SHT_STRTAB, .sh_offset = offsetof(struct file, names), .sh_size = 16}},
        .sym = {{0},
                {.st_name = 1, .st_value = CODE, .st_shndx = 1},
                {.st_name = 6, .st_value = CODE + 32, .st_shndx = 1}},
        .names = "\0main\0tail",
        .code = {1, 2, 3},
    };

    return f;
}

static struct ia64 *machine(void) {
    struct ia64_config config = {.memory_limit = 1 << 20};

    return ia64_new(&config);
}

static void a_sound_file_loads(void **state) {
    struct file f = sound();
    struct ia64 *m = machine();
    uint64_t address, offset;
    uint8_t byte;

    (void)state;
    assert_int_equal(ia64_load_elf_image(m, &f, sizeof f, "f"), 0);
    assert_int_equal(ia64_ip(m), CODE + 16);
    ia64_read_memory(m, CODE + 2, &byte, 1);
    assert_int_equal(byte, 3);
    assert_true(ia64_symbol(m, "tail", &address));
    assert_int_equal(address, CODE + 32);
    assert_false(ia64_symbol(m, "other", &address));
    assert_string_equal(ia64_symbol_at(m, CODE + 40, &offset), "tail");
    assert_int_equal(offset, 8);
    assert_string_equal(ia64_symbol_at(m, CODE, &offset), "main");
    assert_null(ia64_symbol_at(m, CODE - 1, &offset));
    ia64_free(m);
}

static void rejected(struct file f, size_t size, const char *why) {
    struct ia64 *m = machine();

    assert_int_equal(ia64_load_elf_image(m, &f, size, "bad.elf"), -1);
    if (!strstr(ia64_message(m), why)) fail_msg("%s, not %s", ia64_message(m), why);
    assert_non_null(strstr(ia64_message(m), "bad.elf"));
    ia64_free(m);
}

#define REJECT(change, why)                                                                        \
    do {                                                                                           \
        struct file f = sound();                                                                   \
        change;                                                                                    \
        rejected(f, sizeof f, why);                                                                \
    } while (0)

static void bad_headers(void **state) {
    (void)state;
    rejected(sound(), 10, "too short");
    REJECT(f.h.e_ident[0] = 0, "not an ELF file");
    REJECT(f.h.e_ident[EI_CLASS] = ELFCLASS32, "not a 64-bit");
    REJECT(f.h.e_ident[EI_DATA] = ELFDATA2MSB, "not a little-endian");
    REJECT(f.h.e_machine = EM_X86_64, "not for IA-64");
    REJECT(f.h.e_type = ET_DYN, "not an executable");
    REJECT(f.h.e_phentsize = 3, "unknown size");
    REJECT(f.h.e_phnum = 0, "no program headers");
    REJECT(f.h.e_phoff = UINT64_MAX - 8, "outside the file");
    REJECT(f.h.e_phnum = 60000, "outside the file");
}

static void bad_segments(void **state) {
    (void)state;
    REJECT(f.p[0].p_type = PT_NOTE, "nothing to load");
    REJECT(f.p[0].p_filesz = 10000, "larger in the file");
    REJECT(f.p[0].p_offset = sizeof f - 8, "outside the file");
    REJECT(f.p[0].p_offset = UINT64_MAX - 8, "outside the file");
    REJECT(f.p[0].p_paddr = UINT64_C(1) << 50, "outside physical memory");
    REJECT(f.p[0].p_paddr = UINT64_MAX - 100, "outside physical memory");
    REJECT(f.p[0].p_memsz = UINT64_MAX, "outside physical memory");
    REJECT(f.p[0].p_memsz = 1 << 21, "larger than the memory limit");
    REJECT((f.h.e_phnum = 2, f.p[1] = f.p[0], f.p[1].p_paddr += 4096), "overlap");
}

static void truncated_everywhere(void **state) {
    struct file f = sound();

    (void)state;
    for (size_t n = 0; n < sizeof f; n++) {
        struct ia64 *m = machine();
        uint8_t *exact = malloc(n); /* a sanitizer sees a byte too many */

        if (n) memcpy(exact, &f, n);
        if (n < offsetof(struct file, p[1]) || n < sizeof f)
            assert_int_equal(ia64_load_elf_image(m, exact, n, "short"), -1);
        free(exact);
        ia64_free(m);
    }
}

static void symbols_are_a_comfort(void **state) {
    struct file f;
    struct ia64 *m;
    uint64_t address;

    (void)state;
    for (int i = 0; i < 5; i++) {
        f = sound();
        if (i == 0) f.h.e_shoff = UINT64_MAX;
        if (i == 1) f.s[0].sh_size = UINT64_MAX;
        if (i == 2) f.s[0].sh_link = 77;
        if (i == 3) f.s[1].sh_offset = sizeof f;
        if (i == 4) f.sym[1].st_name = f.sym[2].st_name = 5000;
        m = machine();
        assert_int_equal(ia64_load_elf_image(m, &f, sizeof f, "f"), 0);
        assert_false(ia64_symbol(m, "main", &address));
        ia64_free(m);
    }
}

static void files_that_cannot_be_read(void **state) {
    struct ia64 *m = machine();

    (void)state;
    assert_int_equal(ia64_load_elf(m, "/nonexistent.elf"), -1);
    assert_string_equal(ia64_message(m), "/nonexistent.elf: No such file or directory");
    assert_int_equal(ia64_load_elf(m, "/tmp"), -1); /* a folder */
    ia64_free(m);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_file_loads),    cmocka_unit_test(bad_headers),
        cmocka_unit_test(bad_segments),          cmocka_unit_test(truncated_everywhere),
        cmocka_unit_test(symbols_are_a_comfort), cmocka_unit_test(files_that_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
