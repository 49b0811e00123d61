/* riscv64_mode.h: the mode that the host of a RISC-V world runs in, as names: supervisor mode, or
 * machine mode where MACHINE is defined. For C and assembly. */
#ifndef SWITCHLAB_RISCV64_MODE_H
#define SWITCHLAB_RISCV64_MODE_H

#define MODE_STRING(name)    MODE_STRING_OF(name)
#define MODE_STRING_OF(name) #name
#define MODE_SLOT(name)      MODE_SLOT_OF(name)
#define MODE_SLOT_OF(name)   SLOT_##name

#ifdef MACHINE
#define MODE_WORLD      riscv64_m
#define MODE_MASK       mie
#define MODE_TABLE      "switchers/registers/riscv64_m_kernel.def"
#define MODE_RETURN     mret
#define CSR_STATUS      mstatus
#define CSR_SCRATCH     mscratch
#define CSR_EPC         mepc
#define CSR_CAUSE       mcause
#define CSR_VALUE       mtval
#define CSR_VECTOR      mtvec
#define CSR_ENABLE      mie
#define STATUS_IE_BIT   3
#define STATUS_PIE_BIT  7
#define STATUS_PP_BIT   11
#define STATUS_PP_BITS  2
#define TIMER_INTERRUPT 7
#else
#define MODE_WORLD      riscv64
#define MODE_MASK       sie
#define MODE_TABLE      "switchers/registers/riscv64_kernel.def"
#define MODE_RETURN     sret
#define CSR_STATUS      sstatus
#define CSR_SCRATCH     sscratch
#define CSR_EPC         sepc
#define CSR_CAUSE       scause
#define CSR_VALUE       stval
#define CSR_VECTOR      stvec
#define CSR_ENABLE      sie
#define STATUS_IE_BIT   1
#define STATUS_PIE_BIT  5
#define STATUS_PP_BIT   8
#define STATUS_PP_BITS  1
#define TIMER_INTERRUPT 5
#endif

#endif
