/* How the step makes snapshots and goes on from them. Private to the module. */
#ifndef ZC_ENCLAVE_SNAPSHOT_PARTS_H
#define ZC_ENCLAVE_SNAPSHOT_PARTS_H

#include "enclave/parts.h"

/* snapshot_make.c */
/* At each tick: begins one when it is due, and gives out its next pieces. */
ZC_MUST_USE zc_result zc_snapshot_tick(zc_enclave *enclave, zc_effects *effects);
/* At the stop: begins the last one, if it is worth it. */
void zc_snapshot_at_stop(zc_enclave *enclave);
/* Gives out the next pieces; none is left once snapshots.leaving is false. */
ZC_MUST_USE zc_result zc_snapshot_advance(zc_enclave *enclave, zc_effects *effects);

/* snapshot_take.c: the host brings one. */
zc_handler zc_on_snapshot;

/* snapshot_beside.c: what stands beside the policy engine (beside.h), as
 *   [[* place, leaf, entry, rule, key name, intent], [* place, entry]]
 * the reviews that the engine holds, and the entries that its reservations rest on. The policy's
 * state is in place. Errors: ZC_BASE_FULL; of the reader those of CBOR. */
ZC_MUST_USE zc_result zc_beside_write(const zc_enclave *enclave, zc_writer *writer);
ZC_MUST_USE zc_result zc_beside_read(zc_enclave *enclave, zc_reader *reader);

#endif
