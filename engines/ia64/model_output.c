/* model_output.c - prints what the timing model found, as text and as JSON, and the numbers it
 * rests on. */
#include "model_output.h"

#include <inttypes.h>

static json_t *bounds(const uint64_t v[IA64_BOUNDS]) {
    return json_pack("{s:I, s:I, s:I}", "low", (json_int_t)v[IA64_LOW], "typical",
                     (json_int_t)v[IA64_TYPICAL], "high", (json_int_t)v[IA64_HIGH]);
}

json_t *ia64_model_json(const struct ia64_model_result *r) {
    json_t *stalls = json_object();

    for (int i = 0; i < IA64_CAUSES; i++)
        json_object_set_new(stalls, ia64_model_cause_name(i), bounds(r->stall[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:[I, I, I, I], s:I}", "name",
                     "itanium2", "cycles", bounds(r->cycles), "issue", bounds(r->issue), "stalls",
                     stalls, "passes", (json_int_t)r->passes, "instructions",
                     (json_int_t)r->instructions, "groups", (json_int_t)r->groups, "splits",
                     (json_int_t)r->splits, "loads", (json_int_t)r->loads[0],
                     (json_int_t)r->loads[1], (json_int_t)r->loads[2], (json_int_t)r->loads[3],
                     "mispredicted", (json_int_t)r->mispredicted);
}

static void line(FILE *to, const char *name, const uint64_t v[IA64_BOUNDS]) {
    fprintf(to, "%-28s %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "\n", name, v[IA64_LOW],
            v[IA64_TYPICAL], v[IA64_HIGH]);
}

void ia64_model_print(const struct ia64_model_result *r, FILE *to) {
    fprintf(to, "%-28s %14s %14s %14s\n", "itanium2 (modelled)", "low", "typical", "high");
    line(to, "cycles", r->cycles);
    line(to, "issue", r->issue);
    for (int i = 0; i < IA64_CAUSES; i++)
        if (r->stall[i][IA64_HIGH]) line(to, ia64_model_cause_name(i), r->stall[i]);
    fprintf(to,
            "passes %" PRIu64 ", instructions %" PRIu64 ", groups %" PRIu64 ", splits %" PRIu64
            ", mispredicted %" PRIu64 "\n",
            r->passes, r->instructions, r->groups, r->splits, r->mispredicted);
    fprintf(to,
            "loads answered by L1D %" PRIu64 ", L2 %" PRIu64 ", L3 %" PRIu64 ", memory %" PRIu64
            "\n",
            r->loads[0], r->loads[1], r->loads[2], r->loads[3]);
}

void ia64_model_list(const struct ia64_model_config *config, FILE *to) {
    for (int i = 0; i < IA64_VALUES; i++) {
        const int32_t *v = config->value[i];

        if (v[IA64_LOW] == v[IA64_HIGH])
            fprintf(to, "%-18s %-16d", ia64_model_value_name(i), v[IA64_LOW]);
        else
            fprintf(to, "%-18s %4d:%4d:%-6d", ia64_model_value_name(i), v[IA64_LOW],
                    v[IA64_TYPICAL], v[IA64_HIGH]);
        fprintf(to, " %s [%s]\n", ia64_model_value_text(i), ia64_model_value_source(i));
    }
}
