/* Curves of what grows: every "growth.WHAT.NUMBER" that was measured, both axes logarithmic. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

#define WIDTH 640.0
#define HEIGHT 200.0
#define MARGIN 50.0
#define POINTS 32
#define NAME_SIZE 64

typedef struct curve {
    char name[NAME_SIZE]; /* "growth.list" */
    const char *label[POINTS];
    double at[POINTS];
    double us[POINTS];
    size_t count;
} curve;

/* Where the number begins in "growth.list.1000"; NULL in other names. */
static const char *number_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    bool grows = strncmp(name, "growth.", 7) == 0 && dot != NULL && strlen(name) < NAME_SIZE;
    return grows && dot[1] >= '1' && dot[1] <= '9' ? dot + 1 : NULL;
}

static bool belongs(const curve *drawn, const char *name)
{
    const char *number = number_of(name);
    size_t len = strlen(drawn->name);
    return number != NULL && (size_t)(number - name) == len + 1 &&
           strncmp(drawn->name, name, len) == 0;
}

static void add_point(curve *drawn, const zc_bench_task *task, const zc_bench_result *result)
{
    double us =
        zc_histogram_at(&result->times, 0.5) / (task->divide == 0 ? 1e3 : 1e3 * task->divide);
    if (result->skipped[0] == '\0' && us > 0 && drawn->count < POINTS) {
        drawn->label[drawn->count] = number_of(task->name);
        drawn->at[drawn->count] = strtod(number_of(task->name), NULL);
        drawn->us[drawn->count++] = us;
    }
}

/* From half the least to twice the most: a flat curve looks flat. */
static double height_of(const curve *drawn, double us)
{
    double least = drawn->us[0], most = drawn->us[0];
    for (size_t i = 1; i < drawn->count; i++) {
        least = fmin(least, drawn->us[i]);
        most = fmax(most, drawn->us[i]);
    }
    return HEIGHT - MARGIN -
           (HEIGHT - 2 * MARGIN) * log2(us / (least / 2)) / log2(2 * most / (least / 2));
}

static double column_of(const curve *drawn, double at)
{
    double first = drawn->at[0], last = drawn->at[drawn->count - 1];
    return last <= first ? WIDTH / 2
                         : MARGIN + (WIDTH - 2 * MARGIN) * log2(at / first) / log2(last / first);
}

static void draw(FILE *file, const curve *drawn)
{
    (void)fprintf(file,
                  "<h2>%s</h2><svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                  "role=\"img\"><polyline class=\"c\" points=\"",
                  drawn->name, WIDTH, HEIGHT, WIDTH, HEIGHT);
    for (size_t i = 0; i < drawn->count; i++) {
        (void)fprintf(file, "%.1f,%.1f ", column_of(drawn, drawn->at[i]),
                      height_of(drawn, drawn->us[i]));
    }
    (void)fputs("\"/>", file);
    for (size_t i = 0; i < drawn->count; i++) {
        double x = column_of(drawn, drawn->at[i]), y = height_of(drawn, drawn->us[i]);
        (void)fprintf(file,
                      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/><text x=\"%.1f\" y=\"%.1f\">%.2f"
                      "</text><text x=\"%.1f\" y=\"%.0f\">%s</text>",
                      x, y, x, y - 8, drawn->us[i], x, HEIGHT - 10, drawn->label[i]);
    }
    (void)fputs("</svg>\n", file);
}

void zc_html_curves(FILE *file, const zc_bench_task *const *tasks, const zc_bench_result *results,
                    size_t count)
{
    char done[NAME_SIZE] = "";
    for (size_t i = 0; i < count; i++) {
        const char *number = tasks[i] == NULL ? NULL : number_of(tasks[i]->name);
        curve drawn = {0};
        if (number == NULL) {
            continue;
        }
        memcpy(drawn.name, tasks[i]->name, (size_t)(number - tasks[i]->name) - 1);
        if (strcmp(drawn.name, done) == 0) {
            continue; /* points of one curve stand together */
        }
        memcpy(done, drawn.name, sizeof done);
        for (size_t j = i; j < count; j++) {
            if (tasks[j] != NULL && belongs(&drawn, tasks[j]->name)) {
                add_point(&drawn, tasks[j], &results[j]);
            }
        }
        if (drawn.count > 1) {
            draw(file, &drawn);
        }
    }
}
