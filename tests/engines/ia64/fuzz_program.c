/* libFuzzer: the bytes are a program, loaded at 0x100000 and entered there. The first byte chooses
 * how the machine starts: privilege, translation, interrupts, backing store. It must come to a
 * stop. */
#include <stdlib.h>
#include <string.h>

#include "ia64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void start(struct ia64 *m, uint8_t how) {
    uint64_t psr =
        (uint64_t)(how & 3) << 32 | (how & 4 ? 1 << 13 : 0) | (how & 8 ? UINT64_C(1) << 44 : 0) |
        (how & 16 ? UINT64_C(1) << 36 | 1 << 17 | 1 << 27 : 0) | (how & 32 ? 1 << 14 : 0);
    ia64_set_ar(m, 18, how & 64 ? 0x180000 : UINT64_C(0x7ffffffffffff000));
    ia64_set_ar(m, 40, UINT64_C(0x9804c0270033f));
    ia64_set_cr(m, 2, how & 128 ? 0x100000 : 0x200000);
    ia64_set_psr(m, psr);
    ia64_set_ip(m, 0x100000, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ia64_config config = {.memory_limit = 4 << 20};
    if (size < 17) return 0;
    struct ia64 *m = ia64_new(&config);
    if (!m || !ia64_write_memory(m, 0x100000, data + 1, size - 1)) abort();
    start(m, data[0]);
    ia64_interrupt_at(m, 50, 0x40 + data[1] % 64);
    enum ia64_stop stop = ia64_run(m, 2000);
    if (stop == IA64_STOP_LIMIT && ia64_count(m) != 2000) abort();
    struct ia64 *copy = ia64_copy(m);
    if (!copy || ia64_compare(copy, m, NULL, NULL, 0)) abort();
    ia64_free(copy);
    ia64_free(m);
    return 0;
}
