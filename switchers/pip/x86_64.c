/* pip, transfer by jmp: never touches memory below rsp, so the red zone of a leaf function is safe.
 */
#define WITH_PRESSURE
#define WITH_MANY         "switchers/pip/x86_64-many.inc"
#define TRANSFER          "jmp"
#define SUMMARY           "inlined at the PIP: saves rip, rsp, rbp; the compiler keeps what is live"
#define LEAVE(P, MARK) MARK("restore", "rip", "jmp *" P "r8")
#define ARRIVE(P)
#include "switchers/pip/x86_64.inc"
