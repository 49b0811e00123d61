/* x86_64.c: pip with seven instructions of which each waits for the one before, and the first for the last switch's last, which so
 * decide how long a switch takes; and the same with one more. For `make sensitivity` alone. They are on r15, inconsequential here, for
 * what a context keeps in memory is another in every other switch: on a core that forwards it in no cycle (Zen 5) two switches overlap.
 *
 * SLOWER: an eighth one, which costs a core cycle. LONGER: a nop, which costs nothing but is executed. */
#define TRANSFER "jmp"
#define SUMMARY  "pip with a chain of instructions in its way, for a test"

#define STEP_ON(P)  "or " P "r15, " P "r15\n\t"
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
