/* ia64.h: what the file of an IA-64 switcher is: one text for two compilers. For the assembler it
 * is the switcher; for the host's C compiler it is its descriptor and contract, registered twice:
 * masked and not. */
#ifdef __ASSEMBLER__
#include "switchers/ia64/switch.inc"
#else
#ifndef SWITCHLAB_SWITCHERS_IA64_H
#define SWITCHLAB_SWITCHERS_IA64_H

#include "switchers/registers/ia64.h"

/* what an engine for IA-64 needs to know of a switcher: the world that it is linked into, without
 * folder or .elf */
struct ia64_switcher {
    const char *world;
};

/* clauses that several switchers share; the first that matches a register holds */
#define IA64_FRAME                                                                                 \
    {"ar.bspstore", NULL, INCONSEQUENTIAL,                                                         \
     "the processor moves it: only the registers of the stack count"},                             \
        {"ar.rnat", NULL, SAVED, "NaT bits of the register stack below ar.bspstore"},              \
        {"stacked", NULL, SAVED,                                                                   \
         "flushed to the host's backing store, loaded again by the return"},                       \
        {"ar.pfs", NULL, SAVED, "the frame to go back to"},                                        \
        {"frame", NULL, SAVED, "comes back with ar.pfs"},                                          \
        {"ar.bsp", NULL, SAVED, "the host's register stack"},                                      \
        {"psr", NULL, SAVED, "the host's at this PIP is a constant: rebuilt, masked as asked"}, {  \
        "ar.ec", NULL, SAVED, "comes back with ar.pfs"                                             \
    }
#define IA64_CALL                                                                                  \
    {                                                                                              \
        "link", NULL, INCONSEQUENTIAL,                                                             \
            "the call has overwritten it: the indirect branch back may use it [0033]"              \
    }
#define IA64_I                                                                                     \
    { "r8", NULL, INCONSEQUENTIAL, "I: brings information from the virtual machine [0028]" }
#define IA64_SHARED                                                                                \
    {"time", NULL, SHARED, "time goes on"}, {"cpu", NULL, SHARED, "names the processor"}, {        \
        "clock", NULL, SHARED, "the host's clock goes on: its tick ends the time slice [0025]"     \
    }
/* what this virtual machine never touches: no translation, keys or debug registers, the host's
 * deferral and error vectors */
#define IA64_LEFT_ALONE                                                                            \
    {"rr", NULL, SHARED, "translation is off on both sides"},                                      \
        {"pkr", NULL, SHARED, "translation is off on both sides"},                                 \
        {"ibr", NULL, SHARED, "psr.db is 0 on both sides"},                                        \
        {"dbr", NULL, SHARED, "psr.db is 0 on both sides"},                                        \
        {"cr", NULL, SHARED, "the virtual machine leaves it as it is"},                            \
        {"kr", NULL, SHARED, "the virtual machine has none of its own"}, {                         \
        "ia32", NULL, SHARED, "neither side runs IA-32 code"                                       \
    }
#define IA64_X_MASKED                                                                              \
    {"bank0", NULL, SAVED, "X [0023]"}, {                                                          \
        "icr", NULL, SAVED, "X [0023]"                                                             \
    }
#define IA64_X_NONE                                                                                \
    {"bank0", NULL, SAVED, "X [0023]"}, {                                                          \
        "icr", NULL, INCONSEQUENTIAL,                                                              \
            "psr.ic is 1: the processor itself does not preserve it (SDM vol. 2, 3.3.5)"           \
    }
#define IA64_ALL_ELSE(duty, why)                                                                   \
    { NULL, NULL, duty, why }

/* IA64_SWITCHER(id, name, kind, state, summary, CLAUSES): both forms of the switcher in this file;
 * CLAUSES(X) is the contract */
#define IA64_SWITCHER(id, name_, kind_, state_, summary_, CLAUSES_)                                \
    IA64_FORM(id##_masked, name_ "-masked", name_, kind_, "psr.i", state_, summary_,               \
              CLAUSES_(IA64_X_MASKED));                                                            \
    IA64_FORM(id##_none, name_ "-none", name_, kind_, "none", state_, summary_,                    \
              CLAUSES_(IA64_X_NONE))
#define IA64_FORM(form, world_name_, name_, kind_, mask_, state_, summary_, ...)                   \
    static const struct ia64_switcher world_##form = {world_name_};                                \
    static const struct clause clauses_##form[] = {__VA_ARGS__};                                   \
    static const struct switcher form = {                                                          \
        .name = name_,                                                                             \
        .kind = kind_,                                                                             \
        .arch = "ia64",                                                                            \
        .mask = mask_,                                                                             \
        .state = state_,                                                                           \
        .transfer = "br.ret",                                                                      \
        .summary = summary_,                                                                       \
        .contract = {&ia64_registers, clauses_##form},                                             \
        .other = &world_##form,                                                                    \
    };                                                                                             \
    REGISTER_SWITCHER(form)

#endif
#endif
