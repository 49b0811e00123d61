/* whole_file.c: a temporary file, fsync, rename, fsync of the folder; sealed by a checksum. */
#include "harness/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096, SEAL = 64 };

/* FNV-1a, 64 bits: Fowler, Noll, Vo */
static uint64_t checksum(const char *text, size_t size) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return h;
}

static int seal_of(const char *text, size_t size, char seal[SEAL]) {
    return snprintf(seal, SEAL, "{\"type\":\"end\",\"fnv\":\"%016" PRIx64 "\"}\n",
                    checksum(text, size));
}

static bool write_all(int fd, const char *text, size_t size) {
    while (size) {
        ssize_t n = write(fd, text, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        text += n;
        size -= (size_t)n;
    }
    return true;
}

static bool sync_folder(const char *path) {
    char copy[PATH];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return good;
}

static bool write_file(const char *path, const char *text, size_t size) {
    char seal[SEAL];
    int length = seal_of(text, size, seal), fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0666);
    if (fd < 0) return false;
    bool good = write_all(fd, text, size) && write_all(fd, seal, (size_t)length) && fsync(fd) == 0;
    int error = errno;
    if (close(fd) && good) return false;
    errno = error;
    return good;
}

bool whole_file_write(const char *path, const char *text, size_t size, char *why, size_t room) {
    char temporary[PATH];
    /* of this process, so that two that write the same file do not mix */
    snprintf(temporary, sizeof temporary, "%s.%d.tmp", path, (int)getpid());
    if (write_file(temporary, text, size) && rename(temporary, path) == 0 && sync_folder(path))
        return true;
    snprintf(why, room, "cannot write %s: %s; nothing is lost, run it again when there is room",
             path, strerror(errno));
    unlink(temporary);
    return false;
}

static char *read_all(const char *path, size_t *size) {
    struct stat st;
    FILE *from = fopen(path, "rb");
    char *text = NULL;
    if (from && fstat(fileno(from), &st) == 0 && S_ISREG(st.st_mode))
        text = malloc((size_t)st.st_size + 1);
    else if (from)
        errno = EINVAL;
    if (text) {
        *size = fread(text, 1, (size_t)st.st_size, from);
        text[*size] = 0;
    }
    if (from) fclose(from);
    return text;
}

char *whole_file_read(const char *path, char *why, size_t room) {
    size_t size = 0;
    char *text = read_all(path, &size), seal[SEAL];
    if (!text) {
        snprintf(why, room, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    /* where the last line begins */
    char *last = size > 1 ? memrchr(text, '\n', size - 1) : NULL;
    size_t whole = last ? (size_t)(last + 1 - text) : 0;
    seal_of(text, whole, seal);
    if (strlen(text) == size && strcmp(text + whole, seal) == 0) {
        text[whole] = 0;
        return text;
    }
    snprintf(why, room,
             "%s is damaged: its last line does not seal it; remove it and run that shard again",
             path);
    free(text);
    return NULL;
}
