/* test_deps.c - the checker of instruction groups: each rule broken and, beside it, kept. Groups
 * are written by hand; the assembler's own warnings about them are not wanted here. */
#include "machine_test.h"
#include "watch.h"

static unsigned check(struct ia64 *m, char *first, size_t n) {
    char *out;
    size_t size;
    struct watch w = {.groups = true, .groups_to = open_memstream(&out, &size)};

    ia64_watch_run(m, &w, 200);
    fclose(w.groups_to);
    snprintf(first, n, "%s", out);
    free(out);
    ia64_free(m);
    return w.violations;
}

static unsigned violations(const char *text, char *first, size_t n) {
    return check(assemble("explicit", text, NULL), first, n);
}

#define END " ;;\n break.m 0 ;;\n"

static void expect(const char *text, unsigned count, const char *message) {
    char out[600];
    unsigned n = violations(text, out, sizeof out);

    if (n != count || (message && !strstr(out, message)))
        fail_msg("%s\n%u violations, not %u: %s", text, n, count, out);
}

static void reading_what_the_group_wrote(void **state) {
    (void)state;
    expect("adds r2=1,r0\n adds r3=1,r2" END, 1, "reads what its group wrote: r2");
    expect("adds r2=1,r0 ;;\n adds r3=1,r2" END, 0, NULL);
    expect("cmp.eq p6,p7=r0,r0\n (p6) adds r3=1,r0" END, 1, "p6");
    expect("cmp.eq p6,p7=r0,r0\n (p7) br.cond.sptk 1f ;;\n1: nop.m 0" END, 0,
           NULL); /* branches may */
    expect("movl r2=1f ;;\n mov b6=r2\n br.cond.sptk b6 ;;\n1: nop.m 0" END, 0, NULL);
    expect("mov.i ar.lc=r0\n br.cloop.sptk 1f ;;\n1: nop.m 0" END, 2,
           "ar65"); /* reads and writes it */
    expect("fcmp.eq p6,p7=f0,f0\n (p7) br.cond.sptk 1f ;;\n1: nop.m 0" END, 1, "p7");
    expect("setf.sig f6=r0\n getf.sig r2=f6" END, 1, "f6");
    expect("st8.spill [r2]=r0\n ld8.fill r3=[r2]" END, 1, "ar.unat bit");
    expect("adds r2=8,r2\n adds r3=0,r0" END, 0, NULL);
}

static void writing_what_the_group_wrote(void **state) {
    (void)state;
    expect("adds r2=1,r0\n adds r2=2,r0" END, 1, "writes what its group wrote: r2");
    expect("cmp.eq p6,p7=r0,r0 ;;\n (p6) adds r2=1,r0\n (p7) adds r2=2,r0" END, 0, NULL);
    expect("cmp.eq.or p6,p7=r0,r0\n cmp.eq.or p6,p7=r0,r0" END, 0, NULL);
    expect("cmp.eq.and p6,p7=r0,r0\n cmp.eq.and p6,p7=r0,r0" END, 0, NULL);
    expect("cmp.eq.or p6,p7=r0,r0\n cmp.eq.and p6,p7=r0,r0" END, 1, "p6");
    expect("cmp.eq p6,p7=r0,r0\n cmp.eq p6,p8=r0,r0" END, 1, "p6");
    expect("fadd f6=f1,f0\n fadd f7=f1,f0" END, 0, NULL); /* both raise flags, both set mfl */
    expect("st8.spill [r2]=r0\n st8.spill [r2]=r0" END, 1, "ar.unat bit 0");
    expect("adds r3=8,r0 ;;\n st8.spill [r2]=r0\n st8.spill [r3]=r0" END, 0, NULL);
}

static void places_in_the_group(void **state) {
    char out[600];
    struct ia64 *m = assemble("explicit",
                              "{ .mii\n nop.m 0\n nop.i 0\n nop.i 0 ;;\n }\n"
                              "alloc r2=ar.pfs,0,0,0,0" END,
                              NULL);

    (void)state;
    assert_true(
        ia64_write_memory(m, START, "", 1)); /* takes the stop away: the assembler insists */
    assert_int_equal(check(m, out, sizeof out), 1);
    assert_non_null(strstr(out, "must be first"));
    expect("alloc r2=ar.pfs,0,8,0,0\n adds r33=1,r0" END, 0, NULL);
    expect("nop.m 0 ;;\n { .mib\n nop.m 0\n nop.i 0\n clrrrb ;;\n }\n nop.m 0" END, 0, NULL);
}

static void serialization(void **state) {
    (void)state;
    expect("mov cr.iva=r0 ;;\n mov r2=cr.iva" END, 1, "needs srlz.d");
    expect("mov cr.iva=r0 ;;\n srlz.d ;;\n mov r2=cr.iva" END, 0, NULL);
    expect("mov cr.iva=r0\n srlz.d ;;\n mov r2=cr.iva" END, 1,
           "needs srlz.d"); /* not in its group */
    expect("rsm 0x2000 ;;\n mov r2=cr.ifa" END, 1, "needs srlz.d");
    expect("rsm 0x2000 ;;\n srlz.i ;;\n mov r2=cr.ifa" END, 0, NULL);
    expect("rsm 1<<17 ;;\n ld8 r2=[r2]" END, 1, "psr bit 17");
    expect("sum 2 ;;\n ld8 r2=[r2]" END, 0, NULL); /* the user mask needs none */
    expect("movl r2=13<<2 ;;\n mov rr[r0]=r2 ;;\n ld8 r2=[r0]" END, 1, "rr");
    expect("movl r2=13<<2 ;;\n mov rr[r0]=r2 ;;\n mov r3=rr[r0]" END, 0, NULL);
}

static void a_violation_speaks_once(void **state) {
    (void)state;
    expect(
        "mov r9=3 ;;\n mov.i ar.lc=r9 ;;\n1: adds r2=1,r0\n adds r3=1,r2 ;;\n br.cloop.sptk 1b" END,
        1, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(reading_what_the_group_wrote), cmocka_unit_test(writing_what_the_group_wrote),
    cmocka_unit_test(places_in_the_group),          cmocka_unit_test(serialization),
    cmocka_unit_test(a_violation_speaks_once),
};
MACHINE_TESTS(tests)
