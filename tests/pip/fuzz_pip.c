/* libFuzzer: the bytes are an ELF file. Opening it ends in an error with a message, or every
 * function of it can be analysed, printed and emitted. */
#include "pip/pip.h"
#include "pip/report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct pip *pip, uint64_t address, bool closely, FILE *out) {
    char message[PIP_MESSAGE] = "", place[32];
    snprintf(place, sizeof place, "%#lx", (unsigned long)address);
    char *places[] = {place};
    struct pip_points points;
    bool found = pip_points_find(pip, places, 1, &points, message);
    if (!found && !*message) abort();
    if (found) pip_report_best(pip, &points.point[0], 3, false, out);
    if (found && closely) pip_report_registers(pip, &points, true, out);
    if (found && closely && pip->arch->emit) pip->arch->emit(pip, &points, out, message);
    pip_points_free(&points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { FUNCTIONS = 4 };
    static FILE *out;
    char message[PIP_MESSAGE] = "";
    struct pip pip;
    if (!out) out = fopen("/dev/null", "w");
    if (!pip_open_memory(&pip, data, size, "fuzz", message)) {
        if (!*message) abort();
        return 0;
    }
    look_at(&pip, pip.image->entry, true, out);
    for (size_t i = 0; i < pip.image->functions && i < FUNCTIONS; i++) {
        const struct pip_function *f = &pip.image->function[i];
        look_at(&pip, f->start, false, out);
        look_at(&pip, f->start + data[size - 1 - i], false, out);
    }
    uint64_t address;
    pip_image_named(pip.image, "main", &address);
    pip_close(&pip);
    return 0;
}
