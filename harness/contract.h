/* contract.h: the contract check, without an architecture: canaries in every register, the switch,
 * what is left of them. */
#ifndef SWITCHLAB_CONTRACT_H
#define SWITCHLAB_CONTRACT_H

#include "harness/kernel.h"
#include "harness/switcher.h"

#include <jansson.h>

/* Runs the switcher's check in this process, several round trips with new canaries each, and
 * returns the record's `check`:
 * {"status", "registers": how many were held to the contract, "corrupted": [names], "reason"}. A
 * switcher that crashes takes the process with it. */
json_t *contract_check(const struct switcher *, uint32_t seed);

/* new canaries for every register of an image; *random is the generator's state (random.h) */
void contract_canaries(const struct register_file *, uint8_t *image, bool abi, uint64_t *random);

/* The same for `rounds` round trips that interrupts may disturb: each side's registers must come back
 * as it left them, in whatever order the sides take their turns. turn() is called before a side loads
 * its canaries for the n-th time. Only for a switcher whose native code has `yield`. */
typedef void contract_turn(void *argument, int side, unsigned n);
json_t *contract_check_interrupted(const struct switcher *, uint32_t seed, unsigned rounds,
                                   contract_turn *, void *argument);

#endif
