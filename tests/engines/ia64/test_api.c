/* test_api.c - a machine as a value: copies, comparison, exact stops, interrupts at a count, hooks,
 * memory limits and self-modifying code. */
#include <pthread.h>

#include "machine_test.h"

static const char counting[] = "mov r8=0\n"
                               "1: adds r8=1,r8\n"
                               "br.sptk 1b\n";

static void run_stops_exactly(void **state) {
    struct ia64 *m = assemble("auto", counting, NULL);

    (void)state;
    for (uint64_t n = 0; n < 3000; n += 7) {
        assert_int_equal(ia64_run(m, n), IA64_STOP_LIMIT);
        assert_int_equal(ia64_count(m), n);
    }
    assert_int_equal(ia64_run(m, 1000000), IA64_STOP_LIMIT);
    assert_int_equal(ia64_count(m), 1000000);
    ia64_free(m);
}

static void one_run_equals_many(void **state) {
    struct ia64 *a = assemble("auto", counting, NULL), *b = ia64_copy(a);

    (void)state;
    ia64_run(a, 100000);
    for (uint64_t n = 1; n <= 100000; n += 11)
        ia64_run(b, n);
    ia64_run(b, 100000);
    assert_int_equal(ia64_compare(a, b, NULL, NULL, 0), 0);
    ia64_free(a);
    ia64_free(b);
}

static void run_until_stops_before_the_address(void **state) {
    struct ia64 *m = assemble("auto",
                              "mov r8=0\n .align 32\n"
                              "top: adds r8=1,r8\n"
                              "cmp.ne p6,p7=5,r8\n"
                              "(p6) br.sptk top\n"
                              "br.call.sptk b0=far\n .align 32\n"
                              "after: break 0\n"
                              ".org 0x3000\n"
                              "far: adds r8=100,r8\n"
                              "br.ret.sptk b0\n",
                              NULL);
    uint64_t top, far, after;

    (void)state;
    assert_true(ia64_symbol(m, "top", &top));
    assert_true(ia64_symbol(m, "far", &far));
    assert_true(ia64_symbol(m, "after", &after));
    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(ia64_run_until(m, top, 1000), IA64_STOP_ADDRESS);
        assert_int_equal(ia64_gr(m, 8).value, i);
    }
    assert_int_equal(ia64_run_until(m, far, 1000), IA64_STOP_ADDRESS);
    assert_int_equal(ia64_ip(m), far);
    EXPECT(m, 8, 5);
    assert_int_equal(ia64_run_until(m, top, 1000),
                     IA64_STOP_EXIT); /* never again; marks left behind */
    assert_int_equal(ia64_ip(m), after);
    EXPECT(m, 8, 105);
    ia64_free(m);
}

static void copies_are_independent(void **state) {
    struct ia64 *a = assemble("auto",
                              "movl r2=0x200000\n mov r8=0\n"
                              "1: adds r8=1,r8\n"
                              "st8 [r2]=r8\n"
                              "br.sptk 1b\n",
                              NULL);
    struct ia64 *b;
    uint64_t va, vb;

    (void)state;
    ia64_run(a, 1000);
    b = ia64_copy(a);
    assert_int_equal(ia64_compare(a, b, NULL, NULL, 0), 0);
    ia64_run(a, 3000);
    ia64_read_memory(a, 0x200000, &va, 8);
    ia64_read_memory(b, 0x200000, &vb, 8);
    assert_true(va > vb && vb > 0);
    ia64_run(b, 3000);
    assert_int_equal(ia64_compare(a, b, NULL, NULL, 0), 0);
    assert_true(ia64_assign(b, a));
    ia64_free(a);
    assert_int_equal(ia64_run(b, 4000), IA64_STOP_LIMIT); /* lives on without its origin */
    ia64_free(b);
}

struct found {
    size_t count;
    char names[8][32];
};

static void note(void *context, const char *name, const char *left, const char *right) {
    struct found *f = context;

    (void)left, (void)right;
    if (f->count < 8) snprintf(f->names[f->count++], 32, "%s", name);
}

static void every_difference_is_named(void **state) {
    struct ia64 *a = assemble("auto", counting, NULL), *b = ia64_copy(a);
    struct found f = {0};

    (void)state;
    ia64_set_gr(b, 14, (struct ia64_gr){1, false});
    ia64_set_gr(b, 15, (struct ia64_gr){0, true});
    ia64_set_bank_gr(b, 0, 16, (struct ia64_gr){2, false});
    ia64_set_fr(b, 6, (struct ia64_fr){1, 2, 0});
    ia64_set_br(b, 5, 7);
    ia64_set_cr(b, 2, 0x8000);
    assert_true(ia64_write_memory(b, 0x300008, "x", 1));
    assert_int_equal(ia64_compare(a, b, note, &f, 8), 7);
    assert_string_equal(f.names[0], "b5");
    assert_string_equal(f.names[1], "bank0.r16");
    assert_string_equal(f.names[2], "cr.iva");
    assert_string_equal(f.names[3], "f6");
    assert_string_equal(f.names[4], "r14");
    assert_string_equal(f.names[5], "r15");
    assert_string_equal(f.names[6], "mem 0x300008");
    ia64_free(a);
    ia64_free(b);
}

#define INTERRUPTED                                                                                \
    "movl r2=0x100000\n mov cr.iva=r2\n"                                                           \
    "mov cr.tpr=r0\n bsw.1\n"                                                                      \
    "ssm 0x6000\n srlz.d\n" /* ic, i */                                                            \
    "mov r8=0\n br.sptk 1f\n"                                                                      \
    ".org 0x3000\n" /* the external interrupt vector */                                            \
    "mov r16=cr.ivr\n mov r17=cr.iip\n mov cr.eoi=r0\n rfi\n"                                      \
    ".org 0x8000\n"                                                                                \
    "1: adds r8=1,r8\n br.sptk 1b\n"

static void interrupt_comes_exactly_before_the_instruction(void **state) {
    struct ia64 *origin = assemble("auto", INTERRUPTED, NULL);

    (void)state;
    ia64_run(origin, 200);
    for (uint64_t n = 200; n < 260; n++) {
        struct ia64 *plain = ia64_copy(origin), *m = ia64_copy(origin);

        ia64_run(plain, n);
        ia64_interrupt_at(m, n, 0x55);
        ia64_run(m, n + 1); /* the first instruction of the handler is number n */
        assert_int_equal(ia64_ip(m) & ~UINT64_C(0x1f), START + 0x3000);
        assert_int_equal(ia64_cr(m, 19), ia64_ip(plain));
        assert_int_equal(ia64_cr(m, 16) >> 41 & 3, ia64_slot(plain));
        ia64_run_until(m, ia64_ip(plain), n + 100);
        assert_int_equal(ia64_bank_gr(m, 0, 16).value, 0x55);
        ia64_free(plain);
        ia64_free(m);
    }
    ia64_free(origin);
}

static void masked_interrupt_waits(void **state) {
    struct ia64 *m = assemble("auto", counting, NULL);

    (void)state;
    ia64_interrupt_at(m, 10, 0x55);
    ia64_run(m, 1000);
    assert_int_equal(ia64_stats(m).external, 0);
    assert_true(ia64_cr(m, 69) == UINT64_C(1) << (0x55 - 64));
    ia64_set_cr(m, 2, 0x100000);
    ia64_set_psr(m, 1 << 14);
    ia64_run(m, 1001);
    assert_int_equal(ia64_stats(m).external, 1);
    ia64_free(m);
}

struct counted {
    uint64_t calls, loads, faults, bytes;
};

static bool hook(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct counted *c = context;

    c->calls++;
    c->loads += e->has_address;
    c->bytes += e->has_address ? e->size : 0;
    c->faults += e->vector == 0x2c00;
    return ia64_count(m) == 8;
}

static void hook_sees_every_instruction(void **state) {
    struct ia64 *m = assemble("explicit",
                              "{ .mmi\n ld4 r8=[r2]\n ldfpd f6,f7=[r2]\n nop.i 0 ;;\n}\n"
                              "{ .mii\n break.m 1\n nop.i 0\n nop.i 0 ;;\n}\n",
                              NULL);
    struct counted c = {0};

    (void)state;
    ia64_write_memory(m, 0x2c00, "\x0d\0\0\0\1\0\0\0\0\2\0\0\0\0\4\0", 16); /* nops */
    ia64_set_hook(m, hook, &c);
    assert_int_equal(ia64_run(m, 6), IA64_STOP_LIMIT);
    assert_int_equal(c.calls, 7); /* six that retired and the break */
    assert_int_equal(c.loads, 2);
    assert_int_equal(c.bytes, 20);
    assert_int_equal(c.faults, 1);
    ia64_free(m);
}

static void stores_to_code_take_effect(void **state) {
    /* copies the bundle at `other` over the one at `patched`, in its own page, then runs it */
    struct ia64 *m = run_asm("movl r2=patched\n"
                             "movl r3=other\n"
                             "mov r8=0\n"
                             "br.call.sptk b0=patched\n"
                             "mov r9=r8\n"
                             "ld8 r4=[r3],8\n"
                             "ld8 r5=[r3]\n"
                             "st8 [r2]=r4,8\n"
                             "st8 [r2]=r5\n"
                             "br.call.sptk b0=patched\n"
                             "1: break 0\n"
                             ".align 64\n"
                             "patched: adds r8=1,r8\n"
                             "br.ret.sptk b0\n"
                             ".align 64\n"
                             "other: adds r8=16,r8\n"
                             "br.ret.sptk b0\n");

    (void)state;
    EXPECT(m, 9, 1);
    EXPECT(m, 8, 17);
    ia64_free(m);
}

static void a_copy_patches_only_its_own_code(void **state) {
    struct ia64 *a = assemble("auto",
                              "top: mov r8=1\n .align 64\n"
                              "br.sptk top\n .align 64\n"
                              "other: mov r8=2\n",
                              NULL);
    struct ia64 *b;
    uint64_t other, words[2];

    (void)state;
    ia64_run(a, 100);
    b = ia64_copy(a);
    assert_true(ia64_symbol(a, "other", &other));
    ia64_read_memory(b, other, words, 16);
    assert_true(ia64_write_memory(b, START, words, 16));
    ia64_run(a, 200);
    ia64_run(b, 200);
    assert_int_equal(ia64_gr(a, 8).value, 1);
    assert_int_equal(ia64_gr(b, 8).value, 2);
    ia64_free(a);
    ia64_free(b);
}

static void memory_has_a_limit(void **state) {
    struct ia64_config config = {.memory_limit = 1 << 20};
    struct ia64 *m = assemble("auto",
                              "movl r2=0x200000\n movl r3=0x1000\n"
                              "1: st8 [r2]=r3\n add r2=r2,r3\n br.sptk 1b\n",
                              &config);

    (void)state;
    assert_int_equal(ia64_run(m, 100000), IA64_STOP_MEMORY);
    assert_non_null(strstr(ia64_message(m), "memory limit of 1048576 bytes"));
    assert_int_equal(ia64_memory_used(m), 1 << 20);
    ia64_free(m);
}

static void endless_interruptions_stop(void **state) {
    struct ia64 *m = ia64_new(NULL);

    (void)state;
    ia64_set_psr(m, UINT64_C(1) << 36); /* psr.it with an empty TLB, vectors too */
    assert_int_equal(ia64_run(m, 1000), IA64_STOP_LOST);
    ia64_free(m);
}

static void unimplemented_names_the_instruction(void **state) {
    struct ia64 *m = assemble("auto", "mov r3=0\n mov msr[r3]=r3\n break 0\n", NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 1000), IA64_STOP_UNIMPLEMENTED);
    assert_non_null(strstr(ia64_message(m), "0x100000"));
    assert_non_null(strstr(ia64_message(m), "msr[r3]"));
    ia64_free(m);
}

static void state_text_is_complete(void **state) {
    struct ia64 *m = assemble("auto", counting, NULL);
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    (void)state;
    ia64_set_gr(m, 4, (struct ia64_gr){0x44, true});
    ia64_print_state(m, f);
    fclose(f);
    assert_non_null(strstr(text, "\nr4 0x0000000000000044 NaT\n"));
    assert_non_null(strstr(text, "\nip 0x0000000000100000\n"));
    assert_non_null(strstr(text, "\nbank0.r31 "));
    assert_non_null(strstr(text, "\ncr.iva "));
    assert_non_null(strstr(text, "ar.unat "));
    assert_non_null(strstr(text, "\nf127 "));
    free(text);
    ia64_free(m);
}

/* Handlers jump to each other: whatever a program does, the stack stays where it is. */
static void *run_long(void *m) {
    return (void *)(uintptr_t)ia64_run(m, 3000000);
}

static void long_runs_need_little_stack(void **state) {
    struct ia64 *m = assemble("auto",
                              "movl r2=0x200000\n movl r3=0x0009804c0270033f\n mov ar.fpsr=r3\n"
                              "mov ar.rsc=0\n mov ar.bspstore=r2\n"
                              "alloc r3=ar.pfs,0,8,0,8\n"
                              "top: ld8 r8=[r2]\n st8 [r2]=r8\n ld8.fill r9=[r2]\n"
                              "st8.spill [r2]=r9\n ldfd f6=[r2]\n stf.spill [r2]=f6\n"
                              "fma f7=f6,f1,f1\n fcmp.eq p6,p7=f6,f7\n frcpa f8,p8=f1,f1\n"
                              "(p6) adds r10=1,r10\n cmp.lt p9,p10=r10,r8\n movl r11=0x123456789\n"
                              "padd2 r14=r8,r9\n popcnt r15=r14\n ld8.a r17=[r2]\n"
                              "chk.a.clr r17,1f\n1: chk.s r8,1f\n1: xchg8 r18=[r2],r8\n"
                              "mov ar.ccv=r8\n mov r19=psr\n rum 2\n mov b6=r11\n mov r20=pr\n"
                              "mov ar.lc=3\n mov ar.ec=2\n2: br.ctop.sptk 2b\n clrrrb\n"
                              "br.call.sptk b0=far\n3: bsw.1\n bsw.0\n flushrs\n br.sptk top\n"
                              ".org 0x4000\n"
                              "far: alloc r32=ar.pfs,0,90,0,0\n mov ar.pfs=r32\n br.ret.sptk b0\n",
                              NULL);
    pthread_attr_t attributes;
    pthread_t thread;
    void *stop;

    (void)state;
    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 64 << 10), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run_long, m), 0);
    pthread_join(thread, &stop);
    assert_int_equal((uintptr_t)stop, IA64_STOP_LIMIT);
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(run_stops_exactly),
    cmocka_unit_test(one_run_equals_many),
    cmocka_unit_test(run_until_stops_before_the_address),
    cmocka_unit_test(copies_are_independent),
    cmocka_unit_test(every_difference_is_named),
    cmocka_unit_test(interrupt_comes_exactly_before_the_instruction),
    cmocka_unit_test(masked_interrupt_waits),
    cmocka_unit_test(hook_sees_every_instruction),
    cmocka_unit_test(stores_to_code_take_effect),
    cmocka_unit_test(a_copy_patches_only_its_own_code),
    cmocka_unit_test(memory_has_a_limit),
    cmocka_unit_test(endless_interruptions_stop),
    cmocka_unit_test(unimplemented_names_the_instruction),
    cmocka_unit_test(state_text_is_complete),
    cmocka_unit_test(long_runs_need_little_stack),
};
MACHINE_TESTS(tests)
