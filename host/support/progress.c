#include "support/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 300
#define REDRAW_MS 100

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void zc_progress_begin_on(zc_progress *progress, FILE *out, bool terminal, const char *label,
                          uint64_t total)
{
    uint64_t now = now_ms();
    *progress = (zc_progress){.out = out,
                              .label = label,
                              .total = total,
                              .start_ms = now,
                              .drawn_ms = now,
                              .terminal = terminal};
}

void zc_progress_begin(zc_progress *progress, const char *label, uint64_t total)
{
    zc_progress_begin_on(progress, stderr, isatty(STDERR_FILENO) == 1, label, total);
}

static void draw(const zc_progress *progress)
{
    if (progress->total == 0) {
        (void)fprintf(progress->out, "\r\033[K%s: %" PRIu64, progress->label, progress->done);
    } else {
        uint64_t done = progress->done < progress->total ? progress->done : progress->total;
        int percent = (int)((double)done * 100 / (double)progress->total);
        static const char bar[] = "####################";
        (void)fprintf(progress->out, "\r\033[K%s [%-20.*s] %3d%%", progress->label, percent / 5,
                      bar, percent);
    }
    (void)fflush(progress->out);
}

void zc_progress_at(zc_progress *progress, uint64_t done)
{
    progress->done = done;
    if (!progress->terminal) {
        return;
    }
    uint64_t now = now_ms();
    if (now - progress->start_ms < QUIET_MS || now - progress->drawn_ms < REDRAW_MS) {
        return;
    }
    progress->drawn_ms = now;
    progress->drawn = true;
    draw(progress);
}

void zc_progress_end(zc_progress *progress)
{
    if (progress->drawn) {
        (void)fputs("\r\033[K", progress->out);
        (void)fflush(progress->out);
        progress->drawn = false;
    }
}
