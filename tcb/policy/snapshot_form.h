/* How many items each part of a snapshot has; for its writer and its reader. */
#ifndef ZC_POLICY_SNAPSHOT_FORM_H
#define ZC_POLICY_SNAPSHOT_FORM_H

#include <stdint.h>

#define ZC_SNAPSHOT_VERSION 1
#define ZC_SNAPSHOT_PARTS 14
#define ZC_SNAPSHOT_ROW 10
#define ZC_SNAPSHOT_RESERVATION 7
#define ZC_SNAPSHOT_CHARGE 4 /* in a row, without a head of its own */
#define ZC_SNAPSHOT_FEED 9
#define ZC_SNAPSHOT_PRICE 4
#define ZC_SNAPSHOT_PEAK 4
#define ZC_SNAPSHOT_BREAKER 5
#define ZC_SNAPSHOT_REVIEW 13

/* No number of a bucket or period is greater. */
#define ZC_SNAPSHOT_BUCKET_MAX (UINT64_C(1) << 62)

#endif
