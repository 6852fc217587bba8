#include "cmocka_zc.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ct.h"
#include "base/hex.h"
#include "base/secret.h"

static void ct_eq__every_single_bit__noticed(void **state)
{
    (void)state;
    uint8_t a[40] = {1, 2, 3}, b[40] = {1, 2, 3};
    assert_true(zc_ct_eq(a, b, sizeof a));
    assert_true(zc_ct_eq(a, b, 0));
    for (size_t bit = 0; bit < 8 * sizeof b; bit++) {
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(zc_ct_eq(a, b, sizeof a));
        assert_true(zc_ct_eq(a, b, bit / 8));
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void ct_is_zero__every_single_bit__noticed(void **state)
{
    (void)state;
    uint8_t a[40] = {0};
    assert_true(zc_ct_is_zero(a, sizeof a));
    assert_true(zc_ct_is_zero(a, 0));
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        a[bit / 8] = (uint8_t)(1 << bit % 8);
        assert_false(zc_ct_is_zero(a, sizeof a));
        assert_true(zc_ct_is_zero(a, bit / 8));
        a[bit / 8] = 0;
    }
}

static void hex__all_bytes__there_and_back_in_either_case(void **state)
{
    (void)state;
    uint8_t bytes[256], back[256];
    char text[2 * 256 + 1], prefixed[2 * 256 + 3] = "0x";
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    zc_hex_encode(ZC_SLICE_OF_ARRAY(bytes), text);
    assert_int_equal(strlen(text), 512);
    assert_memory_equal(text, "000102", 6);
    assert_memory_equal(text + 506, "fdfeff", 6);
    assert_ok(zc_hex_decode(zc_slice_of_text(text), back, sizeof back));
    assert_memory_equal(back, bytes, sizeof bytes);
    for (size_t i = 0; i <= 512; i++) {
        prefixed[i + 2] = (char)(text[i] >= 'a' ? text[i] - 'a' + 'A' : text[i]);
    }
    memset(back, 0, sizeof back);
    assert_ok(zc_hex_decode(zc_slice_of_text(prefixed), back, sizeof back));
    assert_memory_equal(back, bytes, sizeof bytes);
    zc_writer writer = zc_writer_of(back, 4);
    assert_ok(zc_write_hex(&writer, zc_slice_of(bytes + 254, 2)));
    assert_memory_equal(back, "feff", 4);
    assert_fails(zc_write_hex(&writer, zc_slice_of(bytes, 1)), ZC_BASE_FULL);
}

static void hex_decode__wrong_length_or_digit__refused_and_untouched(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "0",     "000",   "00000",   "000000",
                                      "0x0",  "0x000", "x000",  "0x00000", "00 0",
                                      "0g00", "-100",  "0x0x00"};
    uint8_t bytes[2] = {7, 7};
    size_t len = 99;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(zc_hex_decode(zc_slice_of_text(bad[i]), bytes, sizeof bytes), ZC_BASE_BAD_HEX);
    }
    for (int c = 0; c < 256; c++) {
        uint8_t pair[2] = {'0', (uint8_t)c};
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        uint8_t value = 0;
        /* "0x" alone is the prefix of nothing. */
        bool taken = zc_ok(zc_hex_decode(ZC_SLICE_OF_ARRAY(pair), &value, 1));
        assert_int_equal(taken, digit);
    }
    assert_fails(zc_hex_decode_some(zc_slice_of_text("000000"), bytes, 2, &len), ZC_BASE_TOO_LONG);
    assert_int_equal(len, 99);
    assert_int_equal(bytes[0], 7);
    assert_ok(zc_hex_decode_some(zc_slice_of_text("0x"), bytes, 2, &len));
    assert_int_equal(len, 0);
}

static void secret_wipe__each_size__all_zero(void **state)
{
    (void)state;
    zc_secret32 small;
    zc_secret64 large;
    memset(&small, 1, sizeof small);
    memset(&large, 1, sizeof large);
    zc_secret32_wipe(&small);
    zc_secret64_wipe(&large);
    assert_true(zc_ct_is_zero(&small, sizeof small));
    assert_true(zc_ct_is_zero(&large, sizeof large));
}

static void vault__fresh__zeroed_whole_pages_that_hold_what_is_put_in(void **state)
{
    (void)state;
    zc_vault vault;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t len = 1; len <= 3 * page; len += page - 1) {
        assert_ok(zc_vault_init(&vault, len));
        assert_true(vault.len >= len && vault.len % page == 0);
        assert_true(vault.kind == ZC_VAULT_MEMFD_SECRET || vault.kind == ZC_VAULT_LOCKED);
        assert_true(zc_ct_is_zero(vault.memory, vault.len));
        memset(vault.memory, 0x5a, vault.len);
        assert_int_equal(vault.memory[vault.len - 1], 0x5a);
        zc_vault_clear(&vault);
        assert_null(vault.memory);
        zc_vault_clear(&vault);
    }
    assert_fails(zc_vault_init(&vault, 0), ZC_BASE_NO_MEMORY);
    assert_fails(zc_vault_init(&vault, SIZE_MAX), ZC_BASE_NO_MEMORY);
}

/* How a child that touches one byte ends: 0, or the signal. */
static int child_that_reads(const volatile uint8_t *at)
{
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        uint8_t byte = *at;
        (void)byte;
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void vault__beyond_its_ends_or_in_a_child__not_there(void **state)
{
    (void)state;
    zc_vault vault;
    uint8_t here = 1;
    assert_ok(zc_vault_init(&vault, 100));
    assert_int_equal(child_that_reads(&here), 0);
    assert_int_not_equal(child_that_reads(vault.memory - 1), 0);
    assert_int_not_equal(child_that_reads(vault.memory + vault.len), 0);
    assert_int_not_equal(child_that_reads(vault.memory), 0);
    zc_vault_clear(&vault);
}

static void vault__memfd_secret__unreadable_through_proc(void **state)
{
    (void)state;
    zc_vault vault;
    uint8_t found[16];
    assert_ok(zc_vault_init(&vault, 100));
    if (vault.kind != ZC_VAULT_MEMFD_SECRET) {
        zc_vault_clear(&vault);
        print_message("this kernel gives no memfd_secret: skipped\n");
        skip();
    }
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    assert_true(memory >= 0);
    assert_int_equal(pread(memory, found, sizeof found, (off_t)(uintptr_t)&vault), sizeof found);
    assert_int_equal(pread(memory, found, sizeof found, (off_t)(uintptr_t)vault.memory), -1);
    close(memory);
    zc_vault_clear(&vault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ct_eq__every_single_bit__noticed),
        cmocka_unit_test(ct_is_zero__every_single_bit__noticed),
        cmocka_unit_test(hex__all_bytes__there_and_back_in_either_case),
        cmocka_unit_test(hex_decode__wrong_length_or_digit__refused_and_untouched),
        cmocka_unit_test(secret_wipe__each_size__all_zero),
        cmocka_unit_test(vault__fresh__zeroed_whole_pages_that_hold_what_is_put_in),
        cmocka_unit_test(vault__beyond_its_ends_or_in_a_child__not_there),
        cmocka_unit_test(vault__memfd_secret__unreadable_through_proc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
