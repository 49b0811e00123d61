/* The program that qemu-user runs: the user-mode switchers of another architecture, compiled for
 * it, with no library but libc. It keeps no opinion: canaries are made, results compared and
 * instructions counted by the lab's process (qemu_user.c), which asks
 *
 *   target SWITCHER steps            prints the recorded steps, one a line
 *   target SWITCHER check [STEP]     without that step: reads the images given to both sides, makes
 * a round trip, writes both as they are then, what both sides captured, and the partner's visits;
 * again until the end of the input target SWITCHER run OFFSET N     the kernel at that offset of
 * struct native_code: marks, N round trips, marks; then 2N and 3N target - text writes the address
 * of the code, of its end, and of mark(); then the code
 *
 * Exit codes: 0; 1 a live value was lost; 2 wrong use. */
#include "harness/switcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE, LOST, WRONG_USE };

extern const uint8_t __executable_start[], etext[];

static __attribute__((noinline)) void mark(void) {
    __asm__ volatile("");
}

static int text(void) {
    uint64_t places[] = {(uintptr_t)__executable_start, (uintptr_t)etext, (uintptr_t)mark};
    size_t bytes = (size_t)(etext - __executable_start);
    bool written = fwrite(places, sizeof places, 1, stdout) == 1 &&
                   fwrite(__executable_start, bytes, 1, stdout) == 1;
    return written && fflush(stdout) == 0 ? DONE : WRONG_USE;
}

/* step number `wanted` of this switcher; prints all and returns NULL when it is negative */
static const struct step *step_of(const struct native_code *native, int wanted) {
    int n = 0;
    for (const struct step *step = __start_switch_steps; step < __stop_switch_steps; step++) {
        if (!kernel_owns(native, step)) continue;
        if (wanted < 0) printf("%s %s\n", step->op, step->reg);
        if (n++ == wanted) return step;
    }
    return NULL;
}

/* canaries are the lab's: the images are filled when they are read */
static uint64_t visits;
static void fill(struct check_images *images, int side) {
    (void)images;
    visits += side == 1;
}
static void arrived(struct check_images *images, int side) {
    (void)images, (void)side;
}

static int check(const struct switcher *switcher) {
    enum { GIVEN_A, GIVEN_B, CAPTURED_A, CAPTURED_B, IMAGES };
    size_t bytes = switcher->contract.file->image_bytes;
    uint8_t *image = aligned_alloc(64, IMAGES * bytes);
    if (!image) return WRONG_USE;
    struct check_images images = {.given = {image, image + bytes},
                                  .captured = {image + 2 * bytes, image + 3 * bytes},
                                  .fill = fill,
                                  .arrived = arrived,
                                  .abi = switcher->native->abi};
    memset(image, 0, IMAGES * bytes);
    switcher->native->check(NULL);
    while (fread(image, 2 * bytes, 1, stdin) == 1) {
        switcher->native->check(&images);
        if (fwrite(image, IMAGES * bytes, 1, stdout) != 1 ||
            fwrite(&visits, sizeof visits, 1, stdout) != 1 || fflush(stdout))
            return WRONG_USE;
    }
    free(image);
    return DONE;
}

static int run(const struct native_code *native, size_t offset, uint64_t n) {
    enum { RUNS = 3 };
    kernel_fn *kernel = NULL;
    if (offset <= sizeof *native - sizeof kernel)
        memcpy(&kernel, (const char *)native + offset, sizeof kernel);
    if (!kernel) return WRONG_USE;
    bool intact = kernel(1);
    for (uint64_t i = 1; i <= RUNS; i++) {
        mark();
        intact = kernel(i * n) && intact;
        mark();
    }
    return intact ? DONE : LOST;
}

int main(int argc, char **argv) {
    if (argc < 3) return WRONG_USE;
    if (strcmp(argv[2], "text") == 0) return text();
    const struct switcher *switcher = switcher_by_id(argv[1]);
    if (!switcher || !switcher->native) return WRONG_USE;
    if (strcmp(argv[2], "steps") == 0) return step_of(switcher->native, -1) ? WRONG_USE : DONE;
    if (strcmp(argv[2], "run") == 0 && argc == 5)
        return run(switcher->native, strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    if (strcmp(argv[2], "check") != 0) return WRONG_USE;
    const struct step *removed = argc == 4 ? step_of(switcher->native, atoi(argv[3])) : NULL;
    if (argc == 4 && (!removed || !kernel_remove(removed))) return WRONG_USE;
    return check(switcher);
}
