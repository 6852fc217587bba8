#include "html.h"

#include <math.h>

#define WIDTH 640
#define HEIGHT 60
/* Columns of a drawing, on a logarithmic scale from a quarter of the median to sixteen times it. */
#define COLUMNS 160
#define BELOW 4.0
#define SPAN 64.0

static const char style[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>zcp bench</title>\n<style>"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;"
    "color:#222;background:#fff}table{border-collapse:collapse}td,th{padding:.2em .8em;"
    "text-align:right;border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}"
    "td:first-child,th:first-child{text-align:left;font-family:monospace}svg{display:block}"
    ".m{stroke:#c33;stroke-width:1}.t{stroke:#999;stroke-dasharray:3 3}rect{fill:#47a}"
    "small{color:#666}.c{fill:none;stroke:#47a;stroke-width:2}circle{fill:#47a}"
    "text{font-size:11px;text-anchor:middle}</style>\n<h1>zcp bench</h1>\n";

/* What we print is ours but for the processor's name. */
static void put_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            (void)fputs("&lt;", file);
            break;
        case '&':
            (void)fputs("&amp;", file);
            break;
        default:
            (void)fputc(*text, file);
        }
    }
}

void zc_html_begin(FILE *file, const char *conditions)
{
    (void)fputs(style, file);
    (void)fputs("<p>", file);
    put_text(file, conditions);
    (void)fputs("<p>Microseconds. Each drawing runs from a quarter of the median to sixteen times "
                "it, logarithmically; the red line is the median, the broken one p99.\n<table><tr>"
                "<th>name<th>p50<th>p99<th>p99.9<th>longest<th>runs<th></tr>\n",
                file);
}

/* Where a time stands in a drawing, 0 … 1; beyond for what lies outside. */
static double place_of(double ns, double median)
{
    return log2(ns / (median / BELOW)) / log2(SPAN);
}

static void draw(FILE *file, const zc_histogram *times, double median)
{
    uint64_t column[COLUMNS] = {0};
    uint64_t most = 1;
    /* By equal shares: the histogram is only asked where a share lies. */
    for (unsigned i = 0; i < 4000; i++) {
        double at = place_of(zc_histogram_at(times, (i + 0.5) / 4000), median);
        if (at >= 0 && at < 1) {
            uint64_t *here = &column[(size_t)(at * COLUMNS)];
            ++*here;
            most = *here > most ? *here : most;
        }
    }
    (void)fprintf(file, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">",
                  WIDTH, HEIGHT, WIDTH, HEIGHT);
    for (int i = 0; i < COLUMNS; i++) {
        double high = HEIGHT * sqrt((double)column[i] / (double)most);
        if (high > 0) {
            (void)fprintf(file, "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                          i * WIDTH / COLUMNS, HEIGHT - high, WIDTH / COLUMNS, high);
        }
    }
    double p99 = WIDTH * place_of(zc_histogram_at(times, 0.99), median);
    double p50 = WIDTH * place_of(median, median);
    (void)fprintf(file,
                  "<line class=\"m\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>"
                  "<line class=\"t\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/></svg>",
                  p50, p50, HEIGHT, p99, p99, HEIGHT);
}

void zc_html_task(FILE *file, const zc_bench_task *task, const zc_bench_result *result)
{
    double per = task->divide == 0 ? 1000.0 : 1000.0 * task->divide;
    const zc_histogram *times = &result->times;
    double median = zc_histogram_at(times, 0.5);
    (void)fprintf(file, "<tr><td>%s", task->name);
    if (result->skipped[0] != '\0' || median <= 0) {
        (void)fputs("<td colspan=\"5\">skipped: ", file);
        put_text(file, result->skipped);
        (void)fputs("<td></tr>\n", file);
        return;
    }
    if (task->unit != NULL) {
        (void)fprintf(file, "<td colspan=\"5\">%.1f %s<td></tr>\n", median / per, task->unit);
        return;
    }
    (void)fprintf(file, "<td>%.3f<td>%.3f<td>%.3f<td>%.1f<td>%llu<td>", median / per,
                  zc_histogram_at(times, 0.99) / per, zc_histogram_at(times, 0.999) / per,
                  (double)times->max_ns / per, (unsigned long long)times->count);
    draw(file, times, median);
    if (task->note != NULL) {
        (void)fputs("<small>", file);
        put_text(file, task->note);
        (void)fputs("</small>", file);
    }
    (void)fputs("</tr>\n", file);
}

void zc_html_ratio(FILE *file, const char *name, const char *over, double ratio)
{
    (void)fprintf(file, "<tr><td>%s<td colspan=\"5\">%.2f &times; %s<td></tr>\n", name, ratio,
                  over);
}

void zc_html_end_rows(FILE *file)
{
    (void)fputs("</table>\n", file);
}

bool zc_html_end(FILE *file)
{
    bool written = fputs("</html>\n", file) >= 0 && ferror(file) == 0;
    return fclose(file) == 0 && written;
}
