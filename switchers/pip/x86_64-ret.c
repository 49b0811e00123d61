/* pip, transfer by ret: the address is pushed beyond the target's red zone, and the target steps
 * back over it. */
#define TRANSFER "ret"
#define SUMMARY  "pip with the transfer that most switches use, for comparison"
#define LEAVE(P, MARK, to)                                                                         \
    MARK("restore", "rsp", "mov 8+context_" to ID "(" P "rip), " P "rsp")                          \
    "lea -128(" P "rsp), " P                                                                       \
    "rsp\n\t" MARK("restore", "rip", "push context_" to ID "(" P "rip)") "ret\n"
#define ARRIVE(P) "lea 128(" P "rsp), " P "rsp"
#include "switchers/pip/x86_64.inc"
