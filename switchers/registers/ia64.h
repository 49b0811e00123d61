/* ia64.h: ia64.def as C: an index for each row, and an image with 16 bytes a register (value, then
 * NaT or the upper bits). */
#ifndef SWITCHLAB_REGISTERS_IA64_H
#define SWITCHLAB_REGISTERS_IA64_H

#include "harness/switcher.h"

/* a row beyond what the harness shows of it */
struct ia64_row {
    enum ia64_register_class {
        IA64_ROW_gr,
        IA64_ROW_bank0,
        IA64_ROW_stacked,
        IA64_ROW_fr_low,
        IA64_ROW_fr_high,
        IA64_ROW_pr,
        IA64_ROW_link,
        IA64_ROW_br,
        IA64_ROW_kr,
        IA64_ROW_rse,
        IA64_ROW_ar,
        IA64_ROW_ia32,
        IA64_ROW_time,
        IA64_ROW_frame,
        IA64_ROW_psr,
        IA64_ROW_icr,
        IA64_ROW_clock,
        IA64_ROW_cpu,
        IA64_ROW_iva,
        IA64_ROW_cr,
        IA64_ROW_rr,
        IA64_ROW_pkr,
        IA64_ROW_ibr,
        IA64_ROW_dbr,
        IA64_ROW_CLASSES
    } class;
    unsigned number; /* in its register file */
};

extern const struct register_file ia64_registers;
extern const struct ia64_row ia64_register_rows[]; /* parallel to ia64_registers.reg */

#endif
