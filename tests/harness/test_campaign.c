/* test_campaign.c: the numbered list of points; shards and their merge, whatever is wrong with
 * them. The simple CPU is what runs: it needs nothing and takes no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "harness/campaign.h"
#include "harness/outcomes.h"
#include "harness/whole_file.h"
#include "tests/harness/lines.h"

/* ---- points ---- */

static void points_are_all_choices_in_order(void **state) {
    (void)state;
    enum { B = 7 };
    for (unsigned n = 1; n <= INJECTIONS_MOST; n++) {
        const struct points p = {.boundaries = B, .interrupts = n};
        static const uint64_t sizes[] = {0, 7, 28, 84};
        uint32_t before[INJECTIONS_MOST] = {0}, at[INJECTIONS_MOST] = {0};
        assert_int_equal(points_count(&p), sizes[n]);
        for (uint64_t i = 0; i < points_count(&p); i++) {
            points_at(&p, i, at);
            unsigned k = 0;
            for (unsigned j = 1; j < n; j++)
                assert_true(at[j] >= at[j - 1]);
            while (k < n && at[k] == before[k])
                k++;
            if (i) assert_true(k < n && at[k] > before[k]); /* lexicographic, none twice */
            assert_true(at[n - 1] < B);
            memcpy(before, at, sizeof at);
        }
        assert_int_equal(at[0], B - 1);
    }
}

static void a_billion_points_can_be_numbered(void **state) {
    (void)state;
    const struct points p = {.boundaries = 2000, .interrupts = 3};
    uint32_t at[INJECTIONS_MOST];
    assert_true(points_count(&p) == UINT64_C(2000) * 2001 * 2002 / 6);
    points_at(&p, points_count(&p) - 1, at);
    assert_true(at[0] == 1999 && at[1] == 1999 && at[2] == 1999);
    assert_int_equal(points_whole(&(struct points){.boundaries = UINT32_MAX, .interrupts = 3}), 0);
}

static void a_sample_depends_on_its_seed_alone(void **state) {
    (void)state;
    const struct points p = {50, 3, 1000, 5}, q = {50, 3, 1000, 6};
    uint32_t a[INJECTIONS_MOST], b[INJECTIONS_MOST];
    unsigned same = 0, low = 0;
    for (uint64_t i = 0; i < p.sample; i++) {
        points_at(&p, i, a);
        points_at(&p, i, b);
        assert_memory_equal(a, b, sizeof a);
        points_at(&q, i, b);
        same += memcmp(a, b, sizeof a) == 0;
        low += a[2] < 25;
    }
    assert_true(same < 10);
    assert_in_range(low, 90, 175); /* 2925 of 22100 choices lie below 25: 132 expected */
}

static void the_bound_of_a_sample_is_clopper_and_pearsons(void **state) {
    (void)state;
    assert_true(fabs(points_bound(0, 1000, 0.95) - (1 - pow(0.05, 1.0 / 1000))) < 1e-12);
    assert_true(fabs(points_bound(0, 1000, 0.95) - 3.0 / 1000) < 1e-5); /* the rule of three */
    assert_true(fabs(points_bound(1, 20, 0.95) - 0.2161) < 1e-4);
    assert_true(points_bound(20, 20, 0.95) == 1);
}

/* ---- outcomes ---- */

static void outcomes_are_run_lengths(void **state) {
    (void)state;
    char *text;
    size_t size;
    uint64_t tally[INJECTIONS] = {0};
    struct outcomes_writer w = {.to = open_memstream(&text, &size)};
    static const enum injection all[] = {INJECTION_OK, INJECTION_OK, INJECTION_HUNG, INJECTION_OK};
    for (size_t i = 0; i < 4; i++)
        outcomes_put(&w, all[i]);
    outcomes_end(&w);
    fclose(w.to);
    assert_string_equal(text, "2.1h1.");
    assert_int_equal(outcomes_count(text, tally), 4);
    assert_int_equal(tally[INJECTION_OK], 3);
    struct outcomes_reader r = {.text = text};
    enum injection outcome;
    for (size_t i = 0; i < 4; i++)
        assert_true(outcomes_next(&r, &outcome) && outcome == all[i]);
    assert_false(outcomes_next(&r, &outcome));
    free(text);
    static const char *const garbage[] = {"2", "x", "2?", "0.", "3.x", "-1."};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        assert_true(outcomes_count(garbage[i], NULL) == UINT64_MAX);
}

/* ---- campaigns ---- */

static char *folder, why[CAMPAIGN_WHY], said[16384];
static uint64_t findings;

static int setup(void **state) {
    (void)state;
    folder = make_folder();
    why[0] = 0;
    return folder ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    remove_tree(folder);
    free(folder);
    return 0;
}

static void open_simple(struct campaign *c, unsigned interrupts, uint64_t sample, uint32_t seed) {
    static const struct engine *engines[2];
    static const struct switcher *switchers[100];
    size_t n = 0;
    engines[0] = engine_find("simple");
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, "simple") == 0) switchers[n++] = *s;
    const struct campaign_parameters p = {engines, switchers, interrupts, sample, seed};
    if (!campaign_open(c, &p, why)) fail_msg("%s", why);
}

static enum campaign_result run_seed(unsigned shard, unsigned shards, uint32_t seed) {
    struct campaign c;
    open_simple(&c, 2, 0, seed);
    enum campaign_result result = campaign_shard(&c, folder, shard, shards, NULL, why);
    campaign_close(&c);
    return result;
}

static enum campaign_result run(unsigned shard, unsigned shards) {
    return run_seed(shard, shards, 1);
}

static void run_all(unsigned shards) {
    for (unsigned i = 0; i < shards; i++)
        if (run(i, shards) != CAMPAIGN_DONE) fail_msg("%s", why);
}

static bool merge(void) {
    FILE *to = fmemopen(said, sizeof said, "w");
    bool good = campaign_merge(folder, to, &findings, why);
    fclose(to);
    return good;
}

static char *path_of(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *bytes_of(const char *name) {
    static char bytes[2][1 << 20];
    static int turn;
    char *to = bytes[turn ^= 1];
    FILE *from = fopen(path_of(name), "rb");
    if (!from) fail_msg("%s is not there", name);
    to[fread(to, 1, sizeof *bytes - 1, from)] = 0;
    fclose(from);
    return to;
}

static void assert_why(const char *word) {
    if (!strstr(why, word)) fail_msg("\"%s\" is not in: %s", word, why);
}

static void assert_merge_fails(const char *word) {
    assert_false(merge());
    assert_why(word);
    assert_int_equal(access(path_of("simple-pairs.jsonl"), F_OK), -1);
}

static void the_merge_is_the_same_for_any_number_of_shards(void **state) {
    (void)state;
    char *one = NULL;
    static const unsigned numbers[] = {1, 2, 7, 64};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char removed[64];
        run_all(numbers[i]);
        assert_true(merge());
        assert_int_equal(findings, 0);
        char *bytes = bytes_of("simple-pairs.jsonl");
        if (!one) one = strdup(bytes);
        assert_string_equal(bytes, one);
        for (unsigned k = 0; k < numbers[i]; k++) {
            snprintf(removed, sizeof removed, "simple-pairs.%u-of-%u.jsonl", k, numbers[i]);
            assert_int_equal(remove(path_of(removed)), 0);
        }
    }
    free(one);
}

static void a_shard_that_is_there_is_kept(void **state) {
    (void)state;
    struct stat first, second;
    assert_int_equal(run(1, 3), CAMPAIGN_DONE);
    assert_int_equal(stat(path_of("simple-pairs.1-of-3.jsonl"), &first), 0);
    assert_int_equal(run(1, 3), CAMPAIGN_WAS_THERE);
    assert_int_equal(stat(path_of("simple-pairs.1-of-3.jsonl"), &second), 0);
    assert_true(first.st_ino == second.st_ino);
}

static void a_missing_shard_is_named(void **state) {
    (void)state;
    run_all(5);
    remove(path_of("simple-pairs.2-of-5.jsonl"));
    remove(path_of("simple-pairs.4-of-5.jsonl"));
    assert_merge_fails("2 of 5 shards are missing: 2 4");
}

static void a_duplicate_is_named(void **state) {
    (void)state;
    run_all(3);
    const char *bytes = bytes_of("simple-pairs.2-of-3.jsonl");
    FILE *to = fopen(path_of("simple-pairs.1-of-3.jsonl"), "w");
    fputs(bytes, to);
    fclose(to);
    assert_merge_fails("simple-pairs.1-of-3.jsonl holds shard 2 of 3");
}

static void shards_of_two_numbers_do_not_mix(void **state) {
    (void)state;
    run_all(2);
    assert_int_equal(run(0, 3), CAMPAIGN_DONE);
    assert_merge_fails("in 2 shards and in 3");
}

static void a_shard_of_another_campaign_is_named(void **state) {
    (void)state;
    assert_int_equal(run(0, 2), CAMPAIGN_DONE);
    assert_int_equal(run_seed(1, 2, 8), CAMPAIGN_DONE);
    assert_merge_fails("seed is 1 in the one, 8 in the other");
    assert_int_equal(run_seed(0, 2, 8), CAMPAIGN_FAILED);
    assert_why("simple-pairs.0-of-2.jsonl is of another campaign: seed differs");
}

/* the same program, as another commit would have built it */
static void two_commits_do_not_mix(void **state) {
    (void)state;
    run_all(2);
    char *text = whole_file_read(path_of("simple-pairs.1-of-2.jsonl"), why, sizeof why);
    char *commit = strstr(text, "\"commit\":\"");
    assert_non_null(commit);
    commit[strlen("\"commit\":\"")] ^= 1;
    assert_true(whole_file_write(path_of("simple-pairs.1-of-2.jsonl"), text, strlen(text), why,
                                 sizeof why));
    free(text);
    assert_merge_fails("commit is");
    assert_why("simple-pairs.1-of-2.jsonl");
}

static void a_damaged_shard_is_named_and_can_be_run_again(void **state) {
    (void)state;
    run_all(3);
    char *bytes = bytes_of("simple-pairs.1-of-3.jsonl");
    char *place = strstr(bytes, "\"outcomes\":\"") + strlen("\"outcomes\":\"");
    *place = *place == '9' ? '8' : (char)(*place + 1);
    FILE *to = fopen(path_of("simple-pairs.1-of-3.jsonl"), "w");
    fputs(bytes, to);
    fclose(to);
    assert_merge_fails("simple-pairs.1-of-3.jsonl is damaged");
    assert_int_equal(run(1, 3), CAMPAIGN_DONE);
    assert_why("damaged"); /* said, and mended */
    assert_true(merge());
}

static void a_cut_and_an_empty_shard_are_damaged(void **state) {
    (void)state;
    run_all(2);
    assert_int_equal(truncate(path_of("simple-pairs.1-of-2.jsonl"), 100), 0);
    assert_merge_fails("simple-pairs.1-of-2.jsonl is damaged");
    assert_int_equal(truncate(path_of("simple-pairs.1-of-2.jsonl"), 0), 0);
    assert_merge_fails("simple-pairs.1-of-2.jsonl is damaged");
}

static void what_a_killed_process_leaves_is_no_shard(void **state) {
    (void)state;
    run_all(2);
    FILE *to = fopen(path_of("simple-pairs.1-of-2.jsonl.77.tmp"), "w");
    fputs("{\"type\":", to);
    fclose(to);
    to = fopen(path_of("simple-pairs.jsonl.77.tmp"), "w"); /* a merge that was killed */
    fputs("{\"type\":", to);
    fclose(to);
    assert_true(merge());
}

/* a disk that is full, as far as a limit of the process can tell */
static void a_disk_that_fills_loses_nothing(void **state) {
    (void)state;
    struct rlimit whole, little;
    run_all(1);
    assert_true(merge());
    assert_int_equal(run(0, 2), CAMPAIGN_DONE);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    little = (struct rlimit){100, whole.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum campaign_result result = run(1, 2);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    assert_int_equal(result, CAMPAIGN_FAILED);
    assert_why("simple-pairs.1-of-2.jsonl");
    assert_why("run it again");
    assert_int_equal(access(path_of("simple-pairs.1-of-2.jsonl"), F_OK), -1);
    assert_int_equal(run(0, 2), CAMPAIGN_WAS_THERE);
    assert_int_equal(run(1, 2), CAMPAIGN_DONE);
}

static void a_folder_that_cannot_be_made_is_named(void **state) {
    (void)state;
    struct campaign c;
    open_simple(&c, 1, 0, 1);
    assert_int_equal(campaign_shard(&c, "/proc/no/folder", 0, 1, NULL, why), CAMPAIGN_FAILED);
    assert_why("/proc/no/folder");
    campaign_close(&c);
}

static void an_empty_folder_says_what_writes_shards(void **state) {
    (void)state;
    assert_merge_fails("holds no shard");
}

static void a_sample_states_what_it_supports(void **state) {
    (void)state;
    struct campaign c;
    open_simple(&c, 3, 500, 9);
    assert_int_equal(campaign_shard(&c, folder, 0, 1, NULL, why), CAMPAIGN_DONE);
    campaign_close(&c);
    assert_true(merge());
    char *bytes = bytes_of("simple-triples.jsonl");
    assert_non_null(strstr(bytes, "\"share_below\":{\"confidence\":0.95,\"bound\":0.0059"));
    assert_non_null(strstr(said, "below 0.006 of all, at 95%"));
}

static void a_row_names_switcher_mask_and_transfer(void **state) {
    (void)state;
    run_all(1);
    assert_true(merge());
    assert_null(strstr(said, "(null)"));
    assert_non_null(strstr(bytes_of("simple-pairs.jsonl"), "\"mask\":\"cli\",\"transfer\":\""));
}

static void the_state_of_a_campaign_is_in_its_files(void **state) {
    (void)state;
    char text[512];
    assert_int_equal(run(0, 4), CAMPAIGN_DONE);
    assert_int_equal(run(3, 4), CAMPAIGN_DONE);
    FILE *to = fmemopen(text, sizeof text, "w");
    assert_true(campaign_status(folder, to, why));
    fclose(to);
    assert_non_null(strstr(text, "2 of 4 shards done, 50.0%"));
    assert_non_null(strstr(text, "left at this rate"));
}

/* an injector that is not what it claims: everything goes wrong */
static void what_a_switcher_claims_to_withstand_is_a_finding(void **state) {
    (void)state;
    run_all(1);
    char *text = whole_file_read(path_of("simple-pairs.0-of-1.jsonl"), why, sizeof why);
    char *line = strstr(text, "\"switcher\":\"pip\",\"mask\":\"cli\",\"transfer\""), *end;
    assert_non_null(line);
    line = strstr(line, "\"outcomes\"");
    end = strchr(line, '}');
    for (char *c = line; c < end; c++)
        if (*c == '.') *c = 'c';
    assert_true(whole_file_write(path_of("simple-pairs.0-of-1.jsonl"), text, strlen(text), why,
                                 sizeof why));
    free(text);
    assert_true(merge());
    assert_int_equal(findings, 435); /* 29 boundaries, two of them: 29 * 30 / 2 */
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_all_choices_in_order),
        cmocka_unit_test(a_billion_points_can_be_numbered),
        cmocka_unit_test(a_sample_depends_on_its_seed_alone),
        cmocka_unit_test(the_bound_of_a_sample_is_clopper_and_pearsons),
        cmocka_unit_test(outcomes_are_run_lengths),
        in_folder(the_merge_is_the_same_for_any_number_of_shards),
        in_folder(a_shard_that_is_there_is_kept),
        in_folder(a_missing_shard_is_named),
        in_folder(a_duplicate_is_named),
        in_folder(shards_of_two_numbers_do_not_mix),
        in_folder(a_shard_of_another_campaign_is_named),
        in_folder(two_commits_do_not_mix),
        in_folder(a_damaged_shard_is_named_and_can_be_run_again),
        in_folder(a_cut_and_an_empty_shard_are_damaged),
        in_folder(what_a_killed_process_leaves_is_no_shard),
        in_folder(a_disk_that_fills_loses_nothing),
        in_folder(a_folder_that_cannot_be_made_is_named),
        in_folder(an_empty_folder_says_what_writes_shards),
        in_folder(a_sample_states_what_it_supports),
        in_folder(a_row_names_switcher_mask_and_transfer),
        in_folder(the_state_of_a_campaign_is_in_its_files),
        in_folder(what_a_switcher_claims_to_withstand_is_a_finding),
    };
    return cmocka_run_group_tests_name("campaign", tests, NULL, NULL);
}
