/* A page of its own with the distributions drawn: no script, nothing from elsewhere. */
#ifndef ZC_BENCH_HTML_H
#define ZC_BENCH_HTML_H

#include <stdio.h>

#include "worker.h"

void zc_html_begin(FILE *file, const char *conditions);
void zc_html_task(FILE *file, const zc_bench_task *task, const zc_bench_result *result);
void zc_html_ratio(FILE *file, const char *name, const char *over, double ratio);
void zc_html_end_rows(FILE *file);
/* Curves of the tasks that are named growth.WHAT.NUMBER, medians over numbers; after all rows. Of
 * `count` tasks, some of which may be NULL. */
void zc_html_curves(FILE *file, const zc_bench_task *const *tasks, const zc_bench_result *results,
                    size_t count);
/* False when not all of it was taken. Closes the file. */
bool zc_html_end(FILE *file);

#endif
