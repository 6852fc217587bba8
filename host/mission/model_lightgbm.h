/* LightGBM's text in pieces, for the files of its compiler alone. */
#ifndef ZC_MISSION_MODEL_LIGHTGBM_H
#define ZC_MISSION_MODEL_LIGHTGBM_H

#include "mission/model_draft.h"

typedef struct zc_lightgbm_run {
    zc_model_draft draft;
    char *at; /* the rest of the text, terminated */
    unsigned line;
    char place[24]; /* "line 12" */
    unsigned version;
    uint32_t tree_sizes; /* how many the header announces; 0 when it does not */
    char objective[128];
} zc_lightgbm_run;

/* Failures at a line, and at the run's own line about a key. */
zc_result zc_lightgbm_fault(zc_lightgbm_run *run, unsigned line, const char *why);
zc_result zc_lightgbm_fault_key(zc_lightgbm_run *run, const char *why, const char *key);

/* Cuts the next line off and terminates it; NULL at the end. */
char *zc_lightgbm_next_line(zc_lightgbm_run *run);
/* Cuts "key=value" in two and gives the value; that of a line without = is "". */
char *zc_lightgbm_split_line(char *line);

/* Lists of numbers parted by spaces. Each of these reads one and leaves *at behind it; false for
 * what is no number, not finite, or out of range. */
bool zc_lightgbm_next_double(char **at, double *ret_value);
bool zc_lightgbm_next_long(char **at, long least, long most, long *ret_value);
bool zc_lightgbm_at_end(const char *at);
/* One number and nothing else. */
bool zc_lightgbm_read_long(char *text, long least, long most, long *ret_value);

/* Reads the tree whose "Tree=" line was just read, up to the empty line behind it, and adds it to
 * the draft. */
ZC_MUST_USE zc_result zc_lightgbm_read_tree(zc_lightgbm_run *run);

#endif
