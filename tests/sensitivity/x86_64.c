/* x86_64.c: pip with seven dependent instructions in the way of its stack pointer, which so decides how long a switch takes; and
 * the same with one more. For `make sensitivity` alone.
 *
 * SLOWER: an eighth one, which costs a core cycle. LONGER: a nop, which costs nothing but is executed. */
#define TRANSFER "jmp"
#define SUMMARY  "pip with a chain of instructions in its way, for a test"

#define STEP_ON(P)  "or " P "rsp, " P "rsp\n\t"
#define THREE_ON(P) STEP_ON(P) STEP_ON(P) STEP_ON(P)
#ifdef SLOWER
#define MORE(P) STEP_ON(P)
#elif defined LONGER
#define MORE(P) "nop\n\t"
#else
#define MORE(P)
#endif

#define LEAVE(P, MARK)                                                                             \
    THREE_ON(P) THREE_ON(P) STEP_ON(P) MORE(P) MARK("restore", "rip", "jmp *" P "r8")
#define ARRIVE(P)
#include "switchers/pip/x86_64.inc"
