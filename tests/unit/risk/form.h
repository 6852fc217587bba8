/* Compiled risk models written by hand, right and wrong. */
#ifndef TESTS_RISK_FORM_H
#define TESTS_RISK_FORM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/writer.h"
#include "policy/risk.h"

/* The same numbers on every run. */
uint64_t form_random(void);

/* Takes the place of one part of a sound form. */
typedef struct zc_form {
    uint64_t number;
    uint64_t output;
    uint64_t groups;
    uint64_t features;
    uint64_t group; /* scored */
    int64_t slope_m;
    int64_t slope_e;
    const char *version;
    void (*put_trees)(zc_writer *writer); /* the array of trees */
} zc_form;

extern const zc_form form_sound;

void form_put_split(zc_writer *writer, uint64_t feature, uint64_t missing, int64_t threshold);
void form_put_set(zc_writer *writer, uint64_t feature, uint64_t missing, zc_slice set);
void form_put_leaf(zc_writer *writer, int64_t m, int64_t e);
/* A tree of `nodes` nodes follows. */
void form_put_tree(zc_writer *writer, uint64_t group, size_t nodes);
void form_put_trees(zc_writer *writer, size_t trees);
void form_put(const zc_form *form, zc_writer *writer);
/* Writes and reads; form_model holds it. */
zc_result form_read(const zc_form *form);

extern zc_risk_model form_model;

#endif
