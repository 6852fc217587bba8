/* Far more keys than are resident: they are made, used, written down and brought back.
 *
 *   test_enclave_crowd [KEYS]     20,000 when none is said; prints the processor's time of each
 * part */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ring.h"

static uint32_t crowd = 20000;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void took(const char *what, double since)
{
    printf("# %u keys, %s: %.2f s\n", crowd, what, seconds() - since);
}

static driver *crowded(void)
{
    static zc_mission mission;
    size_t room = 1;
    while (room < crowd) {
        room *= 2;
    }
    driver_mission(&mission);
    driver_allow_all(&mission);
    driver *drv = driver_new_for(&mission, room);
    driver_start(drv);
    uint64_t alice = driver_connect(drv, ALICE);
    for (uint32_t i = 0; i < crowd; i++) {
        char name[32];
        snprintf(name, sizeof name, "crowd-%u", i);
        assert_int_equal(driver_create(drv, alice, name, (zc_curve)(1 + i % 3)).status,
                         ZC_STATUS_OK);
    }
    return drv;
}

/* Signs with keys from all over, each as often as it comes up. */
static void sign_all_over(driver *drv, uint32_t count)
{
    uint64_t bot = driver_connect(drv, BOT);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t number = (uint32_t)((uint64_t)i * 2654435761u % crowd);
        const uint64_t before = ring_track(drv, number).uses;
        assert_signed(driver_sign_text(drv, bot, drv->store.key[number].name, "x"));
        assert_int_equal(ring_track(drv, number).uses, before + 1);
    }
}

static void until_keys(driver *drv)
{
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
}

static void serves_as_before(driver *drv, const zc_audit_key_track *tracks)
{
    driver_load_done(drv);
    assert_true(drv->serving);
    assert_int_equal(drv->enclave->keyring.count, crowd);
    for (uint32_t i = 0; i < crowd; i++) {
        const zc_audit_key_track track = ring_track(drv, i);
        assert_memory_equal(&track, &tracks[i], sizeof track);
    }
}

static zc_audit_key_track *tracks_of(const driver *drv)
{
    zc_audit_key_track *tracks = calloc(crowd, sizeof *tracks);
    assert_non_null(tracks);
    for (uint32_t i = 0; i < crowd; i++) {
        tracks[i] = ring_track(drv, i);
    }
    return tracks;
}

static void keys__more_than_are_resident__come_back_from_the_log_and_from_a_snapshot(void **state)
{
    (void)state;
    double start = seconds();
    driver *drv = crowded();
    took("made", start);
    start = seconds();
    sign_all_over(drv, 5000);
    took("signed with 5,000 times", start);
    assert_true(drv->enclave->keyring.opened > 0);

    start = seconds();
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_STOP});
    for (int i = 0; i < 3; i++) {
        driver_tick(drv, DRIVER_SECOND);
    }
    took("snapshot", start);
    assert_true(drv->store.piece_count > 0);
    zc_audit_key_track *tracks = tracks_of(drv);

    until_keys(drv);
    start = seconds();
    driver_load_keys_together(drv);
    took("loaded", start);
    start = seconds();
    driver_load_snapshot(drv);
    assert_int_equal(drv->snapshot_code, 0);
    driver_load_entries_from(drv, (size_t)drv->snapshot_sequence);
    took("snapshot taken", start);
    serves_as_before(drv, tracks);
    sign_all_over(drv, 500);
    free(tracks);

    tracks = tracks_of(drv);
    until_keys(drv);
    driver_load_keys_together(drv);
    start = seconds();
    driver_load_entries(drv);
    took("whole log replayed", start);
    serves_as_before(drv, tracks);
    sign_all_over(drv, 500);
    assert_ok(zc_audit_verifier_end(&drv->verifier));
    free(tracks);
    driver_free(drv);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__more_than_are_resident__come_back_from_the_log_and_from_a_snapshot),
    };
    crowd = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : crowd;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
