/* kernel.h: the descriptors of switchers at the highest privilege, of any architecture. A
 * switcher's file is its assembly, which the world links, and as C its descriptors, one a mask. */
#ifndef SWITCHLAB_KERNEL_SWITCHERS_H
#define SWITCHLAB_KERNEL_SWITCHERS_H

#include "harness/switcher.h"

/* what an engine for worlds needs to know of a switcher, in `other` */
struct world_switcher {
    const char *folder;   /* of worlds/ */
    const char *world;    /* the ELF file's name without .elf */
    const char *const *x; /* the registers that X is; NULL at the end */
    bool informs;         /* I is inconsequential and brings information [0028] */
};

/* the table of an architecture, for the harness */
#define KERNEL_TABLE(id, arch_, bytes)                                                             \
    const struct register_file id##_kernel_registers = {                                           \
        .arch = arch_ "-kernel",                                                                   \
        .reg = rows,                                                                               \
        .count = sizeof rows / sizeof *rows,                                                       \
        .image_bytes = bytes,                                                                      \
    }

/* KERNEL_SWITCHER(id, arch, name, kind, mask, transfer, informs, summary, clauses...): both forms,
 * masked by `mask` and not. id is the architecture's name as in ID_kernel_registers */
#define KERNEL_SWITCHER(id, arch_, name_, kind_, mask_, transfer_, informs_, summary_, ...)        \
    static const struct clause clauses_of_it[] = {__VA_ARGS__};                                    \
    KERNEL_FORM(id, masked, arch_, name_, kind_, mask_, transfer_, informs_, summary_);            \
    KERNEL_FORM(id, unmasked, arch_, name_, kind_, "none", transfer_, informs_, summary_)
#define KERNEL_FORM(id, form, arch_, name_, kind_, mask_, transfer_, informs_, summary_)           \
    static const struct world_switcher world_##form = {arch_, name_ "-" mask_, id##_kernel_x,      \
                                                       informs_};                                  \
    static const struct switcher form = {                                                          \
        .name = name_,                                                                             \
        .kind = kind_,                                                                             \
        .arch = arch_ "-kernel",                                                                   \
        .mask = mask_,                                                                             \
        .state = "none",                                                                           \
        .transfer = transfer_,                                                                     \
        .summary = summary_,                                                                       \
        .contract = {&id##_kernel_registers, clauses_of_it},                                       \
        .other = &world_##form,                                                                    \
    };                                                                                             \
    REGISTER_SWITCHER(form)

#endif
