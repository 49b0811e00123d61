/* libraries.c: Capstone and libpfm4 under their own names, opened at the first call. Most processes
 * of a run call neither, and their tables of pointers are three quarters of what the dynamic linker
 * would relocate each time. */
#include <capstone/capstone.h>
#include <dlfcn.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(x)    TEXT_OF(x)
#define TEXT_OF(x) #x
#define CAPSTONE   "libcapstone.so." TEXT(CS_API_MAJOR)
#define PFM        "libpfm.so.4"

/* never closed; dlopen gives the same library each time */
static void *function_of(const char *library, const char *name) {
    void *handle = dlopen(library, RTLD_NOW), *function = handle ? dlsym(handle, name) : NULL;
    if (function) return function;
    fprintf(stderr, "switchlab: %s: install it (make deps)\n", dlerror());
    exit(1);
}

/* two threads that come first both find the same */
#define FORWARD(library, type, name, parameters, arguments)                                        \
    type name parameters {                                                                         \
        static _Atomic(__typeof__(&name)) function;                                                \
        if (!function) function = (__typeof__(&name))function_of(library, #name);                  \
        return function arguments;                                                                 \
    }

FORWARD(CAPSTONE, cs_err, cs_open, (cs_arch arch, cs_mode mode, csh *handle), (arch, mode, handle))
FORWARD(CAPSTONE, cs_err, cs_option, (csh handle, cs_opt_type type, size_t value),
        (handle, type, value))
FORWARD(CAPSTONE, cs_err, cs_close, (csh * handle), (handle))
FORWARD(CAPSTONE, cs_insn *, cs_malloc, (csh handle), (handle))
FORWARD(CAPSTONE, void, cs_free, (cs_insn * insn, size_t count), (insn, count))
FORWARD(CAPSTONE, size_t, cs_disasm,
        (csh handle, const uint8_t *code, size_t size, uint64_t address, size_t count,
         cs_insn **insn),
        (handle, code, size, address, count, insn))
FORWARD(CAPSTONE, bool, cs_disasm_iter,
        (csh handle, const uint8_t **code, size_t *size, uint64_t *address, cs_insn *insn),
        (handle, code, size, address, insn))
FORWARD(PFM, pfm_err_t, pfm_initialize, (void), ())
FORWARD(PFM, pfm_err_t, pfm_get_os_event_encoding,
        (const char *event, int privileges, pfm_os_t os, void *arguments),
        (event, privileges, os, arguments))
