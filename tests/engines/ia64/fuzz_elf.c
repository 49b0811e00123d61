/* libFuzzer: the bytes are an ELF file. Loading it ends in an error with a message or in a machine
 * that runs. */
#include <stdlib.h>

#include "ia64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ia64_config config = {.memory_limit = 8 << 20};
    uint64_t address;
    struct ia64 *m = ia64_new(&config);
    if (!m) abort();
    if (ia64_load_elf_image(m, data, size, "fuzz")) {
        if (!*ia64_message(m)) abort();
    } else {
        ia64_symbol(m, "main", &address);
        ia64_symbol_at(m, ia64_ip(m), &address);
        ia64_run(m, 200);
    }
    ia64_free(m);
    return 0;
}
