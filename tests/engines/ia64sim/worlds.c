/* worlds.c: ELF files are copied and changed in place. */
#include "worlds.h"

#include "engines/ia64sim/ia64sim.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 512, MOST = 4 * 1024 * 1024 };
static char folder[PATH], file[2 * PATH];

static void stop(const char *what) {
    perror(what);
    exit(1);
}

static uint8_t *read_world(const char *world, size_t *size) {
    char path[2 * PATH];
    uint8_t *image = malloc(MOST);
    snprintf(path, sizeof path, "%s/%s.elf", ia64sim_worlds(), world);
    FILE *from = fopen(path, "rb");
    if (!from || !image) stop(path);
    *size = fread(image, 1, MOST, from);
    fclose(from);
    return image;
}

static size_t file_offset(const uint8_t *image, uint64_t address) {
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)image;
    const Elf64_Phdr *part = (const Elf64_Phdr *)(const void *)(image + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++)
        if (address >= part[i].p_vaddr && address < part[i].p_vaddr + part[i].p_filesz)
            return part[i].p_offset + (address - part[i].p_vaddr);
    stop("the symbol is in no part of the file");
    return 0;
}

void replace_world(const char *world, const void *bytes, size_t size) {
    snprintf(folder, sizeof folder, "/tmp/worlds-XXXXXX");
    if (!mkdtemp(folder)) stop(folder);
    snprintf(file, sizeof file, "%s/%s.elf", folder, world);
    FILE *to = fopen(file, "wb");
    if (!to || fwrite(bytes, 1, size, to) != size || fclose(to)) stop(file);
    setenv("IA64_WORLDS", folder, 1);
}

void break_world(const char *world, const char *symbol, uint64_t offset, const void *bytes,
                 size_t n) {
    size_t size;
    uint64_t address = 0;
    uint8_t *image = read_world(world, &size);
    struct ia64 *m = ia64_new(NULL);
    if (!m || ia64_load_elf_image(m, image, size, world) || !ia64_symbol(m, symbol, &address))
        stop(symbol);
    memcpy(image + file_offset(image, address + offset), bytes, n);
    replace_world(world, image, size);
    ia64_free(m);
    free(image);
}

void mend_worlds(void) {
    unsetenv("IA64_WORLDS");
    unlink(file);
    rmdir(folder);
}
