/* survive.c: runs every loop of the linked switchers and says which ones lost a live value: the
 * end-to-end check where the compiler decides what is saved. Built by tests/compilers/kernels.sh
 * with many compilers and options. */
#include "harness/switcher.h"

#include <stdio.h>

enum { ITERATIONS = 1000 };

static int run(const struct switcher *s, kernel_fn *kernel, const char *what, int live) {
    if (!kernel || kernel(ITERATIONS)) return 0;
    printf("%s by %s: %s, %d live: a value was lost\n", s->name, s->transfer, what, live);
    return 1;
}

int main(void) {
    static const char *const names[KERNEL_VALUES][KERNEL_USES] = {{"int used", "int unused"},
                                                                  {"vector used", "vector unused"}};
    int lost = 0, kernels = 0;
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        lost += run(*s, (*s)->native->pingpong, "pingpong", 0);
        kernels++;
        for (int file = 0; file < KERNEL_VALUES; file++)
            for (int use = 0; use < KERNEL_USES; use++)
                for (int live = 0; live < KERNEL_LIVE; live++) {
                    kernel_fn *kernel = (*s)->native->pressure[file][use][live];
                    kernels += kernel != NULL;
                    lost += run(*s, kernel, names[file][use], live);
                }
    }
    printf("%d kernels, %d lost a value\n", kernels, lost);
    return lost || kernels < 2;
}
