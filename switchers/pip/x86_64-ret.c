/* pip, transfer by ret: the address is pushed beyond the target's red zone, and the target steps
 * back over it. */
#define TRANSFER "ret"
#define SUMMARY  "pip with the transfer that most switches use, for comparison"
#define LEAVE(P, MARK)                                                                             \
    "lea -128(" P "rsp), " P "rsp\n\t" MARK("restore", "rip", "push " P "r8") "ret\n"
#define ARRIVE(P) "lea 128(" P "rsp), " P "rsp"
#include "switchers/pip/x86_64.inc"
