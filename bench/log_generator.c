/* Makes a large log for measurements and for outside readers: platform, mission, journal, tiles and
 * signed checkpoints, as a deployment of its own would leave them. What it records was decided by
 * the mission that lies beside it, so `zcp audit replay --dir DIR` decides it again.
 *
 *     zcp-log-generator DIR COUNT [BOOT_EVERY [EARLIER…]]
 *
 * DIR/log/checkpoint covers all COUNT entries; DIR/log/checkpoint.EARLIER covers the first EARLIER.
 */
#include <stdio.h>
#include <stdlib.h>

#include "log/builder.h"
#include "log/folder.h"
#include "made_desk.h"
#include "made_log.h"

#define EARLIER_MAX 16
/* A desk that asks a hundred times a second, and its hours; a longer log asks faster. */
#define ENTRY_MS 10
#define LONGEST_MS UINT64_C(7200000)

typedef struct zc_generator {
    zc_made_desk desk;
    zc_made_log log;
    zc_made_entry entry;
    zc_tile_builder tiles;
    char folder[ZC_PATH_SIZE];
    FILE *journal;
    size_t earlier_count;
    unsigned long long earlier[EARLIER_MAX];
} zc_generator;

static zc_result emit(void *self, const zc_tile *tile, zc_slice content)
{
    zc_generator *generator = self;
    return zc_folder_write(generator->folder, tile, content, false, NULL);
}

static bool put_checkpoint(zc_generator *generator, const char *name)
{
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    char path[ZC_PATH_SIZE];
    zc_writer out = ZC_WRITER_OF_ARRAY(note);
    return zc_path_join(generator->folder, name, path) &&
           zc_ok(zc_made_log_checkpoint(&generator->log, &out)) &&
           zc_ok(zc_file_write(path, zc_writer_written(&out), 0644, NULL));
}

static bool put_earlier(zc_generator *generator)
{
    char name[64];
    bool good = true;
    for (size_t i = 0; good && i < generator->earlier_count; i++) {
        if (generator->earlier[i] == generator->log.chain.next) {
            (void)snprintf(name, sizeof name, "checkpoint.%llu", generator->earlier[i]);
            good = put_checkpoint(generator, name);
        }
    }
    return good;
}

static bool add_entry(zc_generator *generator)
{
    zc_made_entry *entry = &generator->entry;
    return zc_ok(zc_made_log_next(&generator->log, entry)) &&
           fwrite(entry->frame, 1, entry->frame_len, generator->journal) == entry->frame_len &&
           zc_ok(zc_tile_builder_add(&generator->tiles, entry->bytes, entry->leaf)) &&
           put_earlier(generator);
}

static bool open_desk(zc_generator *generator, const char *dir, unsigned long long count)
{
    zc_made_desk *desk = &generator->desk;
    uint64_t entry_ms = count > LONGEST_MS / ENTRY_MS ? LONGEST_MS / count : ENTRY_MS;
    return zc_ok(zc_made_desk_open(desk, dir, generator->log.founder.pubkey.byte, entry_ms)) &&
           zc_ok(zc_made_log_decide_by(&generator->log, &desk->decider));
}

static bool open_files(zc_generator *generator, const char *dir)
{
    char path[ZC_PATH_SIZE];
    bool made = zc_path_join(dir, "log", generator->folder) &&
                zc_ok(zc_file_make_folder(generator->folder, 0750, NULL)) &&
                zc_path_join(generator->folder, "journal", path);
    generator->journal = made ? fopen(path, "wbe") : NULL;
    return generator->journal != NULL;
}

static bool generate(zc_generator *generator, unsigned long long count)
{
    bool good = true;
    zc_tile_builder_init(&generator->tiles, true, emit, generator);
    for (unsigned long long i = 0; good && i < count; i++) {
        good = add_entry(generator);
    }
    good = good && zc_ok(zc_tile_builder_flush(&generator->tiles)) &&
           put_checkpoint(generator, "checkpoint");
    zc_tile_builder_clear(&generator->tiles);
    return fclose(generator->journal) == 0 && good;
}

int main(int argc, char **argv)
{
    static zc_generator generator;
    unsigned long long count = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
    unsigned long long boot_every = argc >= 4 ? strtoull(argv[3], NULL, 10) : 0;
    if (count == 0 || argc > 4 + EARLIER_MAX || !zc_ok(zc_file_make_folder(argv[1], 0700, NULL))) {
        (void)fprintf(stderr, "usage: zcp-log-generator DIR COUNT [BOOT_EVERY [EARLIER…]]\n");
        return 2;
    }
    for (int i = 4; i < argc; i++) {
        generator.earlier[generator.earlier_count++] = strtoull(argv[i], NULL, 10);
    }
    if (!zc_ok(zc_made_log_open(&generator.log, argv[1], boot_every))) {
        (void)fprintf(stderr, "zcp-log-generator: %s can't have a platform of its own\n", argv[1]);
        return 1;
    }
    bool good = open_desk(&generator, argv[1], count) && open_files(&generator, argv[1]) &&
                generate(&generator, count);
    zc_made_log_close(&generator.log);
    if (!good) {
        (void)fprintf(stderr, "zcp-log-generator: the log could not be made\n");
    }
    return good ? 0 : 1;
}
